//! The condition in which samples come, as people and scripts say it (ISO/IEC 17025, 7.4.3).

use attest_tests::api::id;
use attest_tests::{Lab, Value, json, on_both_engines};

fn receive(lab: &Lab, body: &Value) -> Value {
    let sample = lab.registered();
    lab.as_role("analyst")
        .post(&format!("/samples/{}/receive", id(&sample)), body)
        .expect(200)
}

on_both_engines! {
    /// Words are told from one another regardless of case; own words are kept, and never taken for a good condition.
    fn a_bad_condition_is_never_stored_as_a_good_one(engine) {
        let lab = Lab::shared(engine);
        let analyst = lab.as_role("analyst");
        let waiting = lab.registered();
        let path = format!("/samples/{}/receive", id(&waiting));
        analyst.post(&path, &json!({"condition": "Compromised"})).names_field("condition_note");

        let compromised = receive(lab, &json!({"condition": "Compromised", "condition_note": "leaking"}));
        assert_eq!((&compromised["condition"], &compromised["condition_note"]), (&json!("compromised"), &json!("leaking")));
        assert_eq!(compromised["has_deviation"], true);

        for told in ["haemolysed", "broken, leaking", "received partially frozen", "not good"] {
            let described = receive(lab, &json!({"condition": told}));
            assert_eq!(described["condition"], Value::Null, "no verdict is made of {told:?}");
            assert_eq!((&described["condition_note"], &described["has_deviation"]), (&json!(told), &json!(true)));
            let listed = analyst.get(&format!("/samples/{}", id(&described))).expect(200);
            assert_eq!((&listed["condition_note"], &listed["has_deviation"]), (&json!(told), &json!(true)));
        }
    }

    /// A good condition in one's own words is a good one, also beside a deviation that was recorded with it.
    fn a_good_condition_in_own_words_stays_good(engine) {
        let lab = Lab::shared(engine);
        for good in ["good", "OK", "Intact", "no deviations", "Acceptable"] {
            let received = receive(lab, &json!({"condition": good}));
            assert_eq!((&received["condition"], &received["has_deviation"]), (&json!("acceptable"), &json!(false)), "{good}");
        }
        let received = receive(lab, &json!({"condition": "good", "deviations": ["received partially frozen"]}));
        assert_eq!((&received["condition"], &received["condition_note"]), (&json!("acceptable"), &json!("good")));
        assert_eq!((&received["deviations"], &received["has_deviation"]), (&json!(["received partially frozen"]), &json!(true)));
    }
}
