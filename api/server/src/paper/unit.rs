//! Units as they are printed. Records keep the letters of the catalogue (`ug/L`, `10^9/L`, `deg C`), paper has the signs.

/// The unit in the signs of the field.
pub(super) fn printed(unit: &str) -> String {
    let unit = unit.replace("deg C", "°C").replace("degC", "°C");
    unit.split_inclusive(['/', '·', ' ', '.']).map(part).collect()
}

/// One part of a unit with what divides it from the next.
fn part(text: &str) -> String {
    let name = text.trim_end_matches(['/', '·', ' ', '.']);
    let divider = &text[name.len()..];
    let name = match (name, power_of_ten(name)) {
        (_, Some(power)) => power,
        ("sec", _) => "s".to_owned(),
        _ => raised(&micro(name)),
    };
    format!("{name}{divider}")
}

/// `10^9` and UCUM's `10*9`.
fn power_of_ten(name: &str) -> Option<String> {
    let exponent = name.strip_prefix("10^").or_else(|| name.strip_prefix("10*"))?;
    Some(format!("10{}", superscript(exponent)?))
}

/// `ug`, `uS`, `umol`: the u is a µ before a known unit only.
fn micro(name: &str) -> String {
    match name.strip_prefix('u') {
        Some(rest) if ["g", "L", "l", "S", "mol", "m", "kat", "Sv", "IU"].contains(&rest) => format!("µ{rest}"),
        _ => name.to_owned(),
    }
}

/// `m3`, `ft3`, `cm2`.
fn raised(name: &str) -> String {
    let base = name.trim_end_matches(['2', '3']);
    let exponent = &name[base.len()..];
    if ["m", "cm", "dm", "mm", "ft", "in"].contains(&base) && exponent.len() == 1 {
        format!("{base}{}", superscript(exponent).unwrap_or_default())
    } else {
        name.to_owned()
    }
}

fn superscript(digits: &str) -> Option<String> {
    if digits.is_empty() {
        return None;
    }
    digits
        .chars()
        .map(|digit| {
            Some(match digit {
                '-' => '⁻',
                '0' => '⁰',
                '1' => '¹',
                '2' => '²',
                '3' => '³',
                '4' => '⁴',
                '5' => '⁵',
                '6' => '⁶',
                '7' => '⁷',
                '8' => '⁸',
                '9' => '⁹',
                _ => return None,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::printed;

    #[test]
    fn letters_become_the_signs_of_the_field() {
        for (kept, paper) in [
            ("ug/L", "µg/L"),
            ("ug/day", "µg/day"),
            ("uS/cm", "µS/cm"),
            ("umol/L", "µmol/L"),
            ("10^9/L", "10⁹/L"),
            ("10*12/L", "10¹²/L"),
            ("deg C", "°C"),
            ("ft3/sec", "ft³/s"),
            ("mg/m3", "mg/m³"),
        ] {
            assert_eq!(printed(kept), paper);
        }
    }

    #[test]
    fn everything_else_stays_as_it_is() {
        for unit in [
            "",
            "mg/L",
            "U/L",
            "MPN/100 mL",
            "CFU/100 mL",
            "%",
            "standard units",
            "urine",
            "10^x/L",
            "mg/L CaCO3",
            "FNU",
        ] {
            assert_eq!(printed(unit), unit);
        }
    }
}
