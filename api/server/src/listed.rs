//! Settings that are lists, also as somebody writes them into an environment variable: `10.0.0.2, 10.0.0.3`.

use serde::de::{Error, IntoDeserializer, value};
use serde::{Deserialize, Deserializer};

/// A list, one thing, or several with commas or spaces between them.
///
/// # Errors
/// When a part is not what the list holds.
pub fn listed<'de, D, T>(from: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Line(String),
        List(Vec<String>),
    }
    let parts = match Written::deserialize(from) {
        Ok(Written::List(parts)) => parts,
        Ok(Written::Line(line)) => line
            .split([',', ' '])
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect(),
        Err(_neither) => {
            return Err(D::Error::custom(
                "a list is wanted, as in [\"one\", \"two\"] or: one, two",
            ));
        }
    };
    parts
        .into_iter()
        .map(|part| {
            T::deserialize(part.clone().into_deserializer())
                .map_err(|error: value::Error| D::Error::custom(format_args!("{part:?}: {error}")))
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::net::IpAddr;

    fn read(toml: &str) -> Result<Vec<IpAddr>, String> {
        #[derive(Deserialize)]
        struct Settings {
            #[serde(deserialize_with = "listed")]
            proxies: Vec<IpAddr>,
        }
        use figment::providers::Format;
        figment::Figment::from(figment::providers::Toml::string(toml))
            .extract::<Settings>()
            .map(|settings| settings.proxies)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_list_may_be_written_as_one_line() {
        let two: Vec<IpAddr> = ["10.0.0.2", "::1"].map(|part| part.parse().unwrap()).to_vec();
        assert_eq!(read(r#"proxies = ["10.0.0.2", "::1"]"#).unwrap(), two);
        assert_eq!(read(r#"proxies = "10.0.0.2, ::1""#).unwrap(), two);
        assert_eq!(read(r#"proxies = """#).unwrap(), Vec::<IpAddr>::new());
        let wrong = read(r#"proxies = "10.0.0.2, proxy""#).unwrap_err();
        assert!(wrong.contains("\"proxy\"") && wrong.contains("proxies"), "{wrong}");
        assert!(read("proxies = 7").unwrap_err().contains("a list is wanted"));
    }
}
