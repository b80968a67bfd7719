//! Mail: letters from the store's outbox are put into words and handed to the mail server, or into a folder where none is set.

mod matters;
mod postman;
mod words;

pub use postman::Postman;
