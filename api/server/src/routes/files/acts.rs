//! What the operations on files do, whatever the files hang on.

use crate::http::{IdempotencyKey, Limits, May, Problem, Step, Upload, Uploads, attachment, tagged};
use actix_web::body::SizedStream;
use actix_web::http::header::ETAG;
use actix_web::{HttpResponse, web};
use attest_domain::Grant;
use attest_domain::file::{FileRefusal, inspect};
use attest_domain::ids::FileId;
use attest_store::{
    AttachedFile, AttachesFiles, Caller, FileContent, FileHolder, Listing, Page, Permit, SealedFile, SeesFiles, Store,
};
use futures_util::stream;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::io;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

/// What goes with a file.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AttachQuery {
    /// True: the client sees it too. False by default.
    #[serde(default)]
    pub shared_with_client: bool,
}

/// Who sees a file.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"shared_with_client": true}))]
pub struct FileChange {
    /// Whether the client sees it too.
    pub shared_with_client: bool,
}

/// Why a file is withdrawn.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "form of another sample"}))]
pub struct WithdrawFile {
    /// Why, in words; needed.
    #[validate(length(min = 1, max = 2000))]
    pub reason: String,
}

/// Bytes, in the interface's document.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "bytes are read and sent as a stream, never as this")]
pub struct FileBytes(Vec<u8>);

/// A file that somebody is sending.
pub struct Sent {
    pub shared: bool,
    pub key: IdempotencyKey,
    pub upload: Upload,
}

/// The files of a thing.
pub async fn list<P, H>(
    store: &Store,
    may: May<P>,
    holder: H,
    page: Page,
) -> Result<web::Json<Listing<AttachedFile>>, Problem>
where
    P: Grant + SeesFiles<H>,
    H: FileHolder,
{
    let (files, patient) = store
        .read(may.permit, move |tx| {
            let (files, patient) = tx.files(holder)?;
            let list = format!("{}/{holder}/files", H::PLURAL);
            Ok((tx.page_of(&list, files, &page, |file| file.id.to_string())?, patient))
        })
        .await?;
    store.patients_viewed(&may.caller, patient).await?;
    Ok(web::Json(files))
}

/// One of them.
pub async fn one<P, H>(store: &Store, may: May<P>, holder: H, id: FileId) -> Result<HttpResponse, Problem>
where
    P: Grant + SeesFiles<H>,
    H: FileHolder,
{
    shown(store, &may.caller, may.permit, holder, id, false).await
}

/// Receives a file and attaches it. What was not taken is read to its end all the same, so that its sender hears why.
pub async fn attach<P, H>(
    store: &Store,
    uploads: &Uploads,
    may: May<P>,
    holder: H,
    mut sent: Sent,
) -> Result<HttpResponse, Problem>
where
    P: Grant + AttachesFiles<H>,
    H: FileHolder,
{
    let Limits { largest, room } = sent.upload.limits();
    let received = receive::<P, H>(store, uploads, &may.caller, holder, &mut sent).await;
    let Sent {
        shared,
        key,
        mut upload,
    } = sent;
    let file = match received {
        Ok(file) => file,
        Err(problem) => {
            upload.drain(largest.saturating_mul(4)).await;
            return Err(problem);
        }
    };
    let hash = Sha256::new()
        .chain_update(file.fingerprint())
        .chain_update([u8::from(shared)]);
    let once = key.once(hash.finalize().into());
    let written = store
        .write(may.permit, once, move |tx| tx.file_attach(holder, file, shared, room))
        .await?;
    shown(store, &may.caller, written.permit, holder, written.value, true).await
}

/// The file, encrypted, as soon as all of it is there and it is one that may be attached. Its place is held until then.
async fn receive<P, H>(
    store: &Store,
    uploads: &Uploads,
    caller: &Caller,
    holder: H,
    sent: &mut Sent,
) -> Result<SealedFile, Problem>
where
    P: Grant + AttachesFiles<H>,
    H: FileHolder,
{
    let Limits { largest, room } = sent.upload.limits();
    let announced = i64::try_from(sent.upload.declared().unwrap_or_default()).unwrap_or(i64::MAX);
    let permit = caller.permit::<P>()?;
    // First whether there is such a thing: to whom it is not, nothing else is told.
    let expected = store.read(permit, move |tx| tx.file_expected(holder, announced, room));
    expected.await?;
    let name = sent.upload.name()?;
    let _place = uploads.place(caller.principal().user.uuid()).await?;
    let content = sent.upload.content(largest).await?;
    let sealed = web::block(move || {
        let (name, kind) = inspect(&name, &content).map_err(|refusal| refused(&refusal))?;
        Ok(SealedFile::new(&name, kind, &content)?)
    });
    sealed.await.map_err(|error| Problem::internal(&error))?
}

fn refused(refusal: &FileRefusal) -> Problem {
    Problem::field("file", refusal.code(), format!("the file {refusal}"))
}

/// Lets the client see it, or not any more.
pub async fn share<P, H>(
    store: &Store,
    may: May<P>,
    holder: H,
    id: FileId,
    seen: i64,
    change: FileChange,
) -> Result<HttpResponse, Problem>
where
    P: Grant + AttachesFiles<H>,
    H: FileHolder,
{
    let written = store
        .write(may.permit, None, move |tx| {
            tx.file_share(holder, id, seen, change.shared_with_client)
        })
        .await?;
    shown(store, &may.caller, written.permit, holder, id, false).await
}

/// Marks it as withdrawn.
pub async fn withdraw<P, H>(store: &Store, step: Step<P, H, WithdrawFile>, id: FileId) -> Result<HttpResponse, Problem>
where
    P: Grant + AttachesFiles<H>,
    H: FileHolder,
{
    let Step {
        caller,
        permit,
        id: holder,
        seen,
        once,
        body,
    } = step;
    let written = store
        .write(permit, once, move |tx| tx.file_withdraw(holder, id, seen, &body.reason))
        .await?;
    shown(store, &caller, written.permit, holder, id, false).await
}

/// Hands it out, after that was recorded.
pub async fn content<P, H>(store: web::Data<Store>, may: May<P>, holder: H, id: FileId) -> Result<HttpResponse, Problem>
where
    P: Grant + SeesFiles<H>,
    H: FileHolder,
{
    let permit = may.caller.permit::<P>()?;
    let content = store.read(permit, move |tx| tx.file_content(holder, id)).await?;
    store
        .write(may.permit, None, move |tx| tx.file_downloaded(holder, id))
        .await?;
    let mut answer = HttpResponse::Ok();
    answer
        .content_type(content.kind.media_type())
        .insert_header((ETAG, format!("\"{}\"", content.sha256)));
    attachment(&mut answer, &content.name);
    let size = content.size;
    Ok(answer.body(SizedStream::new(size, chunks::<P>(store, may.caller, content))))
}

/// One chunk after another, each read when the one before has left. After the first has left, an error can only be told by
/// breaking off: the length was announced, so that nobody takes a part for the whole.
fn chunks<P: Grant>(
    store: web::Data<Store>,
    caller: Caller,
    content: FileContent,
) -> impl stream::Stream<Item = io::Result<web::Bytes>> {
    stream::unfold(
        (store, caller, content, 0u32),
        |(store, caller, content, index)| async move {
            if index >= content.chunks() {
                return None;
            }
            let read = async {
                let (permit, content) = (caller.permit::<P>()?, content.clone());
                let chunk = store.read(permit, move |tx| tx.file_chunk(&content, index)).await?;
                Ok::<_, Problem>(web::Bytes::from(chunk))
            };
            let chunk = read.await.map_err(|problem| io::Error::other(problem.to_string()));
            Some((chunk, (store, caller, content, index.saturating_add(1))))
        },
    )
}

/// The file as it is now, and the look at its patient.
async fn shown<P, H>(
    store: &Store,
    caller: &Caller,
    permit: Permit<P>,
    holder: H,
    id: FileId,
    created: bool,
) -> Result<HttpResponse, Problem>
where
    P: Grant + SeesFiles<H>,
    H: FileHolder,
{
    let (file, patient) = store.read(permit, move |tx| tx.file(holder, id)).await?;
    store.patients_viewed(caller, patient).await?;
    let path = created.then(|| format!("/api/v1/{}/{holder}/files/{id}", H::PLURAL));
    Ok(tagged(&file, file.version, path))
}
