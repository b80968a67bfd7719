//! The data room: the only crate that knows the database, and the only one that can make a [`Permit`].
//!
//! A request becomes a [`Caller`] by a valid token, the caller gets a [`Permit`] for one thing, and the permit opens a
//! transaction ([`Store::read`], [`Store::write`]) that sees one laboratory and offers only what the permit names. A
//! write commits only with its audit event. There is no other door.

mod access;
mod account;
mod audit;
mod awake;
mod catalogue;
mod check;
mod clock;
mod cursor;
mod db;
mod decimal;
mod error;
mod files;
mod laboratory;
mod ledger;
mod mail;
mod merge;
mod narrow;
mod orders;
mod patients;
mod people;
mod platform;
mod reference;
mod reports;
mod results;
mod samples;
mod sealing;
mod second_person;
mod seen;
mod separation;
pub mod shape;
mod store;
mod subject;
mod tenant;
mod tx;
mod webhooks;
mod work;

pub use access::{
    Caller, Confirmation, FactorNeeded, FactorsView, Forbidden, HashRefused, HashingLoad, Key, LinkPurpose, Login,
    LoginRefused, MappedRoles, OneTimeLink, OpenLink, ParkedPerson, PasskeyView, PasswordVerdict, Permit, Principal,
    RequestSource, SessionMode, SessionTokens, Shown, ShownOnce, SignOnAttempt, SignOnBegun, SignOnClaims, SignOnData,
    SignOnOffer, SignOnProvider, SignOnPurpose, SignOnRefused, SignOnView, SignerProof, TokenRefused, TotpSecret,
    UnlockRefused, is_service_token,
};
pub use account::{MyAccount, MyRole, Refusal};
pub use audit::{
    ActProof, CheckpointView, ConsistencyView, EventFilter, EventView, ExportBuild, ExportRequest, ExportTicket,
    ExportView, KeyRotationProof, KeyRotationView, LogKeyView, LogKeysView, ProofView, bundle_zip,
};
pub use catalogue::*;
pub use clock::now;
pub use cursor::{Listing, Page};
pub use db::{DatabaseUrl, MigrateError, OpenError, migrate};
pub use decimal::Dec;
pub use error::{Fault, StoreError};
pub use files::{AttachedFile, AttachesFiles, FileContent, FileHolder, FileWithdrawal, SealedFile, SeesFiles};
pub use laboratory::CreatedLaboratory;
pub use ledger::{Event, InclusionProof, LogExamination, LogFinding, LogPosition, LogTrouble, Recorded};
pub use mail::{Letter, MailDue, Matter};
pub use orders::{NewOrder, Order, OrderFilter, SeesOrders};
pub use patients::{Erased, Erasure, Identifier, Patient, PatientData, PatientDuplicate, SeesPatients};
pub use people::*;
pub use platform::*;
pub use reference::{Person, Ref};
pub use reports::*;
pub use results::{
    Bulk, CriticalNotice, EntryItem, NamedThen, NewAttempt, NoticeAttempt, NoticeSample, PreviousResult, Reason,
    ResultEntry, ResultFilter, ResultHoldTime, ResultLimits, ResultSample, ResultSort, ResultTest, ResultVersion,
    ResultVersions, ResultView, SeesNotices, SeesResults, VerifyItem,
};
pub use samples::{
    NewSample, OrderRef, PatientRef, Reception, ReceptionItem, ReportRef, ResultCounts, Sample, SampleData,
    SampleFilter, SampleSort, SampleSummary, SeesSamples, TestsWanted, TimelineEntry,
};
pub use second_person::{AsksForTwo, TwoPersonRequest};
pub use seen::ANY_VERSION;
pub use separation::*;
pub use store::{Settings, Store};
pub use subject::Subject;
pub use tenant::{Laboratory, NewLaboratory};
pub use tx::{Once, ReadTx, Replayable, WriteTx, Written};
pub use webhooks::*;
pub use work::Work;
