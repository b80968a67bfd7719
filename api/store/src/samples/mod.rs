//! Samples: registered, received, worked on, reported; each with an accession number of its own.

mod touch;
