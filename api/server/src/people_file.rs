//! Files of people from another system, for `attest users import`: CSV or JSON with the same fields.

use attest_store::ImportedUser;
use serde::Deserialize;
use std::error::Error;
use std::path::Path;

type Failed = Box<dyn Error + Send + Sync>;

/// A line of the CSV file. Roles are separated by `;`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    email: String,
    name: String,
    roles: String,
    #[serde(default)]
    password_hash: Option<String>,
}

/// An item of the JSON list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    email: String,
    name: String,
    roles: Vec<String>,
    #[serde(default)]
    password_hash: Option<String>,
}

/// The people in a file, by its ending `.json` or `.csv`.
///
/// # Errors
/// When it cannot be read, with the line.
pub fn read(path: &Path) -> Result<Vec<ImportedUser>, Failed> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    match ending.to_ascii_lowercase().as_str() {
        "json" => from_json(&text),
        "csv" => from_csv(&text),
        _ => Err("the file must end in .csv or .json".into()),
    }
}

fn from_json(text: &str) -> Result<Vec<ImportedUser>, Failed> {
    let items: Vec<Item> = serde_json::from_str(text)?;
    let people = items.into_iter().enumerate().map(|(index, item)| ImportedUser {
        place: format!("item {}", index.saturating_add(1)),
        email: item.email,
        name: item.name,
        roles: item.roles,
        password_hash: item.password_hash.filter(|hash| !hash.is_empty()),
    });
    Ok(people.collect())
}

fn from_csv(text: &str) -> Result<Vec<ImportedUser>, Failed> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headers = reader.headers()?.clone();
    let mut people = Vec::new();
    for record in reader.records() {
        let record = record?;
        let at = record.position().map_or(0, csv::Position::line);
        let line: Line = record
            .deserialize(Some(&headers))
            .map_err(|error| format!("line {at}: {error}"))?;
        people.push(ImportedUser {
            place: format!("line {at}"),
            email: line.email,
            name: line.name,
            roles: line
                .roles
                .split(';')
                .map(str::trim)
                .filter(|role| !role.is_empty())
                .map(str::to_owned)
                .collect(),
            password_hash: line.password_hash.filter(|hash| !hash.is_empty()),
        });
    }
    Ok(people)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_of_file_say_the_same() {
        let csv = "email,name,roles,password_hash\nanna@lab.example,\"Nowak, Anna\",analyst; viewer,$2b$10$x\njan@lab.example,Jan Lis,analyst,\n";
        let json = r#"[{"email": "anna@lab.example", "name": "Nowak, Anna", "roles": ["analyst", "viewer"], "password_hash": "$2b$10$x"},
            {"email": "jan@lab.example", "name": "Jan Lis", "roles": ["analyst"]}]"#;
        let (one, other) = (from_csv(csv).unwrap(), from_json(json).unwrap());
        assert_eq!((one[0].place.as_str(), other[0].place.as_str()), ("line 2", "item 1"));
        for people in [one, other] {
            assert_eq!(people[0].name, "Nowak, Anna");
            assert_eq!(people[0].roles, ["analyst", "viewer"]);
            assert_eq!(people[0].password_hash.as_deref(), Some("$2b$10$x"));
            assert_eq!(people[1].password_hash, None);
        }
    }

    #[test]
    fn a_column_too_many_or_few_is_named() {
        let unknown = from_csv("email,name,roles,phone\na@b.pl,A,analyst,1\n")
            .err()
            .unwrap()
            .to_string();
        assert!(unknown.contains("line 2") && unknown.contains("phone"), "{unknown}");
        assert!(from_csv("email,name\na@b.pl,A\n").is_err());
    }
}
