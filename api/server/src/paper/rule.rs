//! The decision rule behind statements of conformity, in one paragraph (ISO/IEC 17025:2017, 7.8.6.2).

use super::form::Form;
use attest_domain::judge::DecisionRule;
use attest_store::ReportContent;

/// Nothing when no statement is made.
pub(super) fn sentence(content: &ReportContent, form: &Form) -> Option<String> {
    let stated: Vec<_> = content.results().filter(|result| result.statement.is_some()).collect();
    if stated.is_empty() {
        return None;
    }
    let mut parts: Vec<String> = Vec::new();
    for rule in [DecisionRule::Simple, DecisionRule::GuardBand] {
        if stated.iter().any(|result| result.decision_rule == Some(rule)) {
            parts.push(text(rule, form).to_owned());
        }
    }
    // Words agreed with the customer, beyond the rules that the program applies itself.
    let mut agreed: Vec<&str> = content
        .orders
        .iter()
        .filter_map(|order| order.decision_rule.as_deref())
        .filter(|words| words.parse::<DecisionRule>().is_err())
        .collect();
    agreed.dedup();
    parts.extend(agreed.into_iter().map(str::to_owned));
    let mut sources: Vec<&str> = stated
        .iter()
        .filter_map(|result| Some(result.limits.as_ref()?.source.as_str()))
        .filter(|source| !source.is_empty())
        .collect();
    sources.sort_unstable();
    sources.dedup();
    if !sources.is_empty() {
        parts.push(format!("{} {}.", form.pick("Limits:", "Limity:"), sources.join("; ")));
    }
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn text(rule: DecisionRule, form: &Form) -> &'static str {
    match rule {
        DecisionRule::None => "",
        DecisionRule::Simple => form.pick(
            "Simple acceptance (ILAC-G8:09/2019, 4.2.1): the result is compared with the limit without a guard band. The probability of a false \
             accept or reject can be up to 50 % for results close to a limit.",
            "Prosta akceptacja (ILAC-G8:09/2019, 4.2.1): wynik porównuje się z limitem bez pasma ochronnego. Prawdopodobieństwo błędnej akceptacji \
             lub błędnego odrzucenia może wynosić do 50 % dla wyników bliskich limitowi.",
        ),
        DecisionRule::GuardBand => form.pick(
            "Guard band (ILAC-G8:09/2019, 4.2.3): the limit is narrowed and widened by a guard band w; between, pass and fail are conditional. Where w \
             equals the expanded uncertainty, the probability of a false accept is at most 2.5 %.",
            "Pasmo ochronne (ILAC-G8:09/2019, 4.2.3): limit zawęża się i poszerza o pasmo w; pomiędzy nimi stwierdzenie jest warunkowe. Gdy w równa \
             się niepewności rozszerzonej, prawdopodobieństwo błędnej akceptacji nie przekracza 2,5 %.",
        ),
    }
}
