//! Closed vocabularies: an enum, its words in JSON and in the database, and its names on screen, written once.

/// The word is not in the vocabulary; the message lists those that are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownWord {
    /// The words that would have been understood.
    pub expected: &'static [&'static str],
}

impl std::fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "must be one of: {}", self.expected.join(", "))
    }
}

impl std::error::Error for UnknownWord {}

/// Defines an enum whose variants each have one word (JSON, database) and a name in English and Polish.
macro_rules! vocabulary {
    (
        $(#[$outer:meta])*
        $enum:ident {
            $($(#[$inner:meta])* $name:ident = $word:literal, $en:literal, $pl:literal;)+
        }
    ) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $enum {
            $($(#[$inner])* #[serde(rename = $word)] $name,)+
        }

        impl $enum {
            /// All of them, in their natural order.
            pub const ALL: &'static [$enum] = &[$($enum::$name),+];

            /// All their words, in the same order.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word in JSON and in the database.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $($enum::$name => $word,)+ }
            }

            /// The name on screen and in documents.
            #[must_use]
            pub const fn label(self, language: $crate::Language) -> &'static str {
                match self { $($enum::$name => language.pick($en, $pl),)+ }
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $enum {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::Type::String)
                    .enum_values(Some($enum::WORDS.iter().copied()))
                    .into()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $enum {}

        impl std::fmt::Display for $enum {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $enum {
            type Err = $crate::vocabulary::UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($word => Ok($enum::$name),)+
                    _ => Err($crate::vocabulary::UnknownWord { expected: $enum::WORDS }),
                }
            }
        }
    };
}

pub(crate) use vocabulary;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::Language;
    use crate::workflow::SampleState;

    #[test]
    fn a_word_means_the_same_in_json_and_in_text() {
        for state in SampleState::ALL {
            assert_eq!(state.as_str().parse::<SampleState>().unwrap(), *state);
            assert_eq!(serde_json::to_string(state).unwrap(), format!("\"{state}\""));
            assert!(!state.label(Language::Pl).is_empty());
        }
    }

    #[test]
    fn an_unknown_word_is_answered_with_the_known_ones() {
        let refusal = "lost".parse::<SampleState>().unwrap_err().to_string();
        assert!(refusal.contains("registered, received"), "{refusal}");
    }
}
