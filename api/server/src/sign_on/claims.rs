//! What a provider says about a person, in the words of the specification and of what providers really send.

use attest_store::SignOnClaims;
use serde_json::{Map, Value};

/// What `acr` says where several factors were asked for: OpenID's own words, phishing-resistant ones, and the research
/// federations'.
const SEVERAL_FACTORS: [&str; 5] = [
    "phr",
    "phrh",
    "mfa",
    "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
    "https://refeds.org/profile/mfa",
];

/// The claims of a verified ID token, with those that came beside it (userinfo) where it lacks them.
pub fn read(token: &Map<String, Value>, beside: &Map<String, Value>, role_claim: &str) -> SignOnClaims {
    let find = |name: &str| token.get(name).or_else(|| beside.get(name));
    let text = |name: &str| find(name).and_then(Value::as_str).map(str::to_owned);
    // Address and its check come from the same place: one that is checked elsewhere says nothing about this one.
    let source = if token.contains_key("email") { token } else { beside };
    SignOnClaims {
        issuer: text("iss").unwrap_or_default(),
        subject: text("sub").unwrap_or_default(),
        email: source.get("email").and_then(Value::as_str).map(str::to_owned),
        email_verified: source.get("email_verified").is_some_and(says_yes),
        name: text("name").or_else(|| text("preferred_username")),
        language: text("locale"),
        role_values: values(token, role_claim)
            .or_else(|| values(beside, role_claim))
            .unwrap_or_default(),
        several_factors: several_factors(token),
        auth_time: token.get("auth_time").and_then(Value::as_i64),
    }
}

/// Some providers write it as a text.
fn says_yes(value: &Value) -> bool {
    value.as_bool() == Some(true) || value.as_str() == Some("true")
}

/// RFC 8176 has a word for several factors; only the signed token counts.
fn several_factors(token: &Map<String, Value>) -> bool {
    let methods = token.get("amr").and_then(Value::as_array);
    let by_method = methods.is_some_and(|methods| methods.iter().any(|method| method == "mfa"));
    let class = token.get("acr").and_then(Value::as_str).unwrap_or_default();
    by_method || SEVERAL_FACTORS.contains(&class)
}

/// The claim itself, or `a.b` as `b` inside `a`; one text or a list of them.
fn values(claims: &Map<String, Value>, name: &str) -> Option<Vec<String>> {
    let found = claims.get(name).or_else(|| {
        let (first, rest) = name.split_once('.')?;
        let inner = claims.get(first)?;
        rest.split('.').try_fold(inner, |value, part| value.get(part))
    })?;
    Some(match found {
        Value::String(one) => vec![one.clone()],
        Value::Array(many) => many.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    })
}

/// Whether userinfo could say what the token does not.
pub fn lacks(token: &Map<String, Value>, role_claim: &str) -> bool {
    !token.contains_key("email") || !token.contains_key("name") || values(token, role_claim).is_none()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn groups_are_found_where_providers_put_them() {
        let beside = map(json!({}));
        for (claims, name, found) in [
            (json!({"groups": ["a", "b", 7]}), "groups", vec!["a", "b"]),
            (json!({"role": "a"}), "role", vec!["a"]),
            (
                json!({"realm_access": {"roles": ["a"]}}),
                "realm_access.roles",
                vec!["a"],
            ),
            (
                json!({"https://lab.example/roles": ["a"]}),
                "https://lab.example/roles",
                vec!["a"],
            ),
            (json!({"groups": {"a": true}}), "groups", vec![]),
            (json!({}), "groups", vec![]),
        ] {
            assert_eq!(read(&map(claims.clone()), &beside, name).role_values, found, "{claims}");
        }
    }

    #[test]
    fn an_address_is_vouched_for_where_it_stands() {
        let checked = map(json!({"email_verified": true}));
        let read_email = |token: Value, beside: &Map<String, Value>| read(&map(token), beside, "groups").email_verified;
        assert!(read_email(
            json!({"email": "a@b.example", "email_verified": true}),
            &map(json!({}))
        ));
        assert!(read_email(
            json!({"email": "a@b.example", "email_verified": "true"}),
            &map(json!({}))
        ));
        assert!(
            !read_email(json!({"email": "a@b.example"}), &checked),
            "userinfo speaks of another address"
        );
        assert!(!read_email(
            json!({"email": "a@b.example", "email_verified": "yes"}),
            &checked
        ));
    }

    #[test]
    fn several_factors_only_by_the_signed_token() {
        let beside = map(json!({"amr": ["mfa"], "acr": "phr"}));
        let several = |token: Value| read(&map(token), &beside, "groups").several_factors;
        assert!(several(json!({"amr": ["pwd", "mfa"]})));
        assert!(several(json!({"acr": "phrh"})));
        assert!(!several(json!({"amr": ["pwd", "otp"], "acr": "1"})));
        assert!(!several(json!({})));
    }
}
