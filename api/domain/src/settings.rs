//! What a laboratory decides for itself.

use serde::{Deserialize, Serialize};

use crate::access_review::AccessReviewPolicy;
use crate::accession;
use crate::identity::SecondFactorPolicy;
use crate::judge::DecisionRule;
use crate::password::PasswordPolicy;

/// The settings of a laboratory. A missing field means its default; an unknown one is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LaboratorySettings {
    /// The verifier is not the one who entered. On by default.
    pub four_eyes_verification: bool,
    /// The releaser is not the one who signed. Off by default.
    pub four_eyes_release: bool,
    /// Minutes without activity after which a session ends: 5 to 720, 720 by default.
    pub idle_minutes: u16,
    /// The first part of accession numbers: 1 to 8 of A-Z and 0-9.
    pub accession_prefix: String,
    /// The decision rule where an order and a specification name none.
    pub default_decision_rule: DecisionRule,
    /// From whom a second factor is asked for (ATT-07). By role, by default.
    pub second_factor: SecondFactorPolicy,
    /// Policy for passwords (ATT-01 to ATT-03, ATT-06).
    pub password: PasswordPolicy,
    /// How often it is reviewed who has access.
    pub access_review: AccessReviewPolicy,
}

impl Default for LaboratorySettings {
    fn default() -> Self {
        LaboratorySettings {
            four_eyes_verification: true,
            four_eyes_release: false,
            idle_minutes: 720,
            accession_prefix: "S".to_owned(),
            default_decision_rule: DecisionRule::Simple,
            second_factor: SecondFactorPolicy::default(),
            password: PasswordPolicy::default(),
            access_review: AccessReviewPolicy::default(),
        }
    }
}

/// A setting out of its range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SettingsRefusal {
    /// Idle time.
    #[error("idle_minutes must be between 5 and 720")]
    IdleMinutes,
    /// Accession prefix.
    #[error("accession_prefix must be 1 to 8 capital letters A-Z or digits")]
    AccessionPrefix,
    /// Policy for passwords: the field, and what its bounds are.
    #[error("{0} {1}")]
    Password(&'static str, &'static str),
    /// Reviews of access: the field, and what its bounds are.
    #[error("{0} {1}")]
    AccessReview(&'static str, &'static str),
}

impl SettingsRefusal {
    /// The field that is wrong.
    #[must_use]
    pub fn path(self) -> String {
        match self {
            SettingsRefusal::IdleMinutes => "idle_minutes".to_owned(),
            SettingsRefusal::AccessionPrefix => "accession_prefix".to_owned(),
            SettingsRefusal::Password(field, _bounds) => format!("password.{field}"),
            SettingsRefusal::AccessReview(field, _bounds) => format!("access_review.{field}"),
        }
    }
}

impl LaboratorySettings {
    /// Are all settings in their ranges? Answers with everything that is wrong.
    ///
    /// # Errors
    /// The list of refusals, never empty.
    pub fn check(&self) -> Result<(), Vec<SettingsRefusal>> {
        let mut wrong = Vec::new();
        if !(5..=720).contains(&self.idle_minutes) {
            wrong.push(SettingsRefusal::IdleMinutes);
        }
        if accession::check_prefix(&self.accession_prefix).is_err() {
            wrong.push(SettingsRefusal::AccessionPrefix);
        }
        let passwords = self.password.out_of_bounds().into_iter();
        wrong.extend(passwords.map(|(field, bounds)| SettingsRefusal::Password(field, bounds)));
        let reviews = self.access_review.out_of_bounds().into_iter();
        wrong.extend(reviews.map(|(field, bounds)| SettingsRefusal::AccessReview(field, bounds)));
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_valid_and_careful() {
        let settings = LaboratorySettings::default();
        assert_eq!(settings.check(), Ok(()));
        assert!(settings.four_eyes_verification);
        assert_eq!(serde_json::from_str::<LaboratorySettings>("{}").unwrap(), settings);
    }

    #[test]
    fn everything_wrong_is_named_at_once() {
        let settings = LaboratorySettings {
            idle_minutes: 4,
            accession_prefix: "ä".to_owned(),
            ..Default::default()
        };
        assert_eq!(
            settings.check(),
            Err(vec![SettingsRefusal::IdleMinutes, SettingsRefusal::AccessionPrefix])
        );
        assert!(serde_json::from_str::<LaboratorySettings>(r#"{"idle":5}"#).is_err());
    }
}
