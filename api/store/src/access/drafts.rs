//! The key of a person's drafts: what somebody typed and did not send stays in their browser, which others use too. It is
//! encrypted there with a key that the server tells nobody but the person, and that no browser stores.

use crate::{Caller, Store, StoreError};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// Domain separation: no other code is made of these bytes under the application's key.
const CONTEXT: &[u8] = b"attest.drafts/v1\0";

impl Store {
    /// The key of the caller's drafts, for a browser's session that is open; the same every time.
    ///
    /// # Errors
    /// None that could be met.
    pub fn draft_key(&self, caller: &Caller) -> Result<Option<String>, StoreError> {
        let person = caller.principal();
        if !person.cookie || person.locked {
            return Ok(None);
        }
        let mut mac = Hmac::<Sha256>::new_from_slice(self.inner.keyring.cursor()).map_err(StoreError::broken)?;
        mac.update(CONTEXT);
        mac.update(caller.laboratory().id.as_bytes());
        mac.update(person.user.uuid().as_bytes());
        Ok(Some(URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())))
    }
}
