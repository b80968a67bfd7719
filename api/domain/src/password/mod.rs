//! Which passwords a laboratory accepts (ATT-01, ATT-02, ATT-03), and what a refusal says to the person who chooses.
//!
//! Pure rules only: how easily a password is guessed and whether it was used before are found out by the store, which knows
//! the estimator and the hashes.

mod own_words;
mod policy;
mod refusal;

pub use own_words::OwnWords;
pub use policy::{LENGTH_MAX, PasswordPolicy};
pub use refusal::{PasswordRefusal, Weakness};
