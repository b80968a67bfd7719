//! Opinions and interpretations: each keeps the person who gave it (ISO/IEC 17025, 7.8.7).

use crate::db::{row, sql};
use crate::reports::content::ContentOpinion;
use crate::{StoreError, WriteTx, now};
use attest_domain::ids::UserId;

row! { struct SignerRow { name: String, title: Option<String> } }

impl<P> WriteTx<'_, P> {
    /// Opinions by their texts: what was there keeps its author and time, what is new is the caller's.
    pub(super) fn opinions(
        &mut self,
        before: &[ContentOpinion],
        texts: &[String],
    ) -> Result<Vec<ContentOpinion>, StoreError> {
        let mut opinions = Vec::with_capacity(texts.len());
        for text in texts {
            if let Some(known) = before.iter().find(|opinion| opinion.text == *text) {
                opinions.push(known.clone());
                continue;
            }
            let user = self
                .user()
                .ok_or_else(|| StoreError::broken("an opinion without a person"))?;
            let signer = self.signer(user)?;
            opinions.push(ContentOpinion {
                text: text.clone(),
                by: user.uuid(),
                name: signer.0,
                title: signer.1,
                at: now(),
            });
        }
        Ok(opinions)
    }

    /// Printed name and title of a person.
    fn signer(&mut self, user: UserId) -> Result<(String, Option<String>), StoreError> {
        let row = sql("SELECT name, title FROM users WHERE tenant_id = ? AND id = ?")
            .bind(self.tenant())
            .bind(user)
            .one::<SignerRow>(self.db)?;
        Ok((row.name, row.title))
    }
}

/// All opinions as one text, for the event.
pub(super) fn texts(opinions: &[ContentOpinion]) -> Option<String> {
    (!opinions.is_empty()).then(|| {
        opinions
            .iter()
            .map(|opinion| opinion.text.as_str())
            .collect::<Vec<_>>()
            .join("\n")
    })
}
