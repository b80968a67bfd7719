//! Attached files over HTTP: the same six operations for orders, samples and results.
//!
//! Whoever may see a thing sees its files, and whoever may make or change one attaches them. A file has no address of its own:
//! its path begins with what it hangs on, and so does the right to see it.

mod acts;

use crate::http::{
    Body, Id, IdempotencyKey, May, Params, Problem, ShortQuery, Step, SubId, Upload, Uploads, Versioned,
};
use actix_web::{HttpResponse, get, patch, post, web};
use acts::{AttachQuery, FileBytes, FileChange, WithdrawFile};
use attest_domain::ids::{FileId, OrderId, ResultId, SampleId};
use attest_domain::may;
use attest_store::{AttachedFile, Listing, Store};
use utoipa_actix_web::service_config::ServiceConfig;

type AttachedFileList = Listing<AttachedFile>;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    orders::operations(config);
    samples::operations(config);
    results::operations(config);
}

macro_rules! files_of {
    (
        $module:ident($id:ty), read $read:ident = $reads:literal, attach $attach:ident = $attaches:literal, tag $tag:literal,
        $list:ident $new:ident = $files:literal, $one:ident $change:ident = $file:literal, $content:ident = $bytes:literal, $withdraw:ident = $withdrawn:literal
    ) => {
        mod $module {
            use super::*;

            pub(super) fn operations(config: &mut ServiceConfig) {
                config
                    .service($list)
                    .service($new)
                    .service($one)
                    .service($change)
                    .service($content)
                    .service($withdraw);
            }

            /// List attached files
            ///
            /// In the order they were attached, withdrawn ones among them. A person of a client sees those that are shared with the
            /// client. Names and hashes of a patient's files are null without `patient:read`.
            #[utoipa::path(tag = $tag, params(("id" = String, Path, format = Uuid, description = "What they are attached to"), ShortQuery),
                extensions(("x-permission" = json!($reads))), responses((status = 200, description = "The files", body = AttachedFileList)))]
            #[get($files)]
            async fn $list(
                store: web::Data<Store>,
                may: May<may::$read>,
                id: Id<$id>,
                query: Params<ShortQuery>,
            ) -> Result<web::Json<AttachedFileList>, Problem> {
                acts::list(&store, may, id.0, query.0.page()?).await
            }

            /// Attach a file
            ///
            /// The body is the file itself, not a form; `Content-Disposition: attachment; filename="form.pdf"` says what it is called
            /// (`filename*=UTF-8''…` with percent-encoded UTF-8 for letters beyond ASCII). What it is is found out from the content,
            /// whatever `Content-Type` says: PDF, PNG, JPEG, WebP, TIFF, HEIC, CSV and plain text in UTF-8 are taken, everything else
            /// is 422. The ending of the name must fit; a name without one gets it. The bytes are kept as they are, with what a camera
            /// has written into them, encrypted. The same content twice is 409 `/problems/duplicate`. Too large: 413
            /// `/problems/too-large`; no room left for the laboratory: 413 `/problems/storage-full`.
            #[utoipa::path(tag = $tag, params(("id" = String, Path, format = Uuid, description = "What it is attached to"), AttachQuery,
                ("Content-Disposition" = String, Header, description = "The file's name", example = "attachment; filename=\"request-form.pdf\"")),
                request_body(content = FileBytes, content_type = "application/octet-stream", description = "The file"),
                extensions(("x-permission" = json!($attaches))), responses((status = 201, description = "Attached", body = AttachedFile)))]
            #[post($files)]
            async fn $new(
                store: web::Data<Store>,
                uploads: web::Data<Uploads>,
                may: May<may::$attach>,
                id: Id<$id>,
                query: Params<AttachQuery>,
                key: IdempotencyKey,
                upload: Upload,
            ) -> Result<HttpResponse, Problem> {
                let sent = acts::Sent { shared: query.0.shared_with_client, key, upload };
                acts::attach(&store, &uploads, may, id.0, sent).await
            }

            /// An attached file
            #[utoipa::path(tag = $tag, extensions(("x-permission" = json!($reads))),
                params(("id" = String, Path, format = Uuid, description = "What it is attached to"), ("file" = String, Path, format = Uuid, description = "The file")),
                responses((status = 200, description = "What is known about it", body = AttachedFile)))]
            #[get($file)]
            async fn $one(
                store: web::Data<Store>,
                may: May<may::$read>,
                id: Id<$id>,
                file: SubId<FileId>,
            ) -> Result<HttpResponse, Problem> {
                acts::one(&store, may, id.0, file.0).await
            }

            /// Share an attached file with the client, or not any more
            #[utoipa::path(tag = $tag, extensions(("x-permission" = json!($attaches))), request_body = FileChange,
                params(("id" = String, Path, format = Uuid, description = "What it is attached to"), ("file" = String, Path, format = Uuid, description = "The file")),
                responses((status = 200, description = "Changed", body = AttachedFile)))]
            #[patch($file)]
            async fn $change(
                store: web::Data<Store>,
                may: May<may::$attach>,
                id: Id<$id>,
                file: SubId<FileId>,
                seen: Versioned,
                body: Body<FileChange>,
            ) -> Result<HttpResponse, Problem> {
                acts::share(&store, may, id.0, file.0, seen.0, body.value).await
            }

            /// Download an attached file
            ///
            /// The bytes as they were attached, to be saved: `Content-Disposition: attachment`, with the media type that was found out
            /// from the content. Every chunk is checked before the first one is sent. Every download is recorded. A patient's file needs
            /// `patient:read`; after the person's erasure it is 410 `/problems/erased`.
            #[utoipa::path(tag = $tag, extensions(("x-permission" = json!($reads))),
                params(("id" = String, Path, format = Uuid, description = "What it is attached to"), ("file" = String, Path, format = Uuid, description = "The file")),
                responses((status = 200, description = "The bytes", body = FileBytes, content_type = "application/octet-stream"),
                    (status = 410, description = "Erased with the person it tells about", body = Problem, content_type = "application/problem+json")))]
            #[get($bytes)]
            async fn $content(
                store: web::Data<Store>,
                may: May<may::$read>,
                id: Id<$id>,
                file: SubId<FileId>,
            ) -> Result<HttpResponse, Problem> {
                acts::content(store, may, id.0, file.0).await
            }

            /// Withdraw an attached file
            ///
            /// It was attached by mistake, or does not hold any more. It stays where it is, marked, with its content: evidence is not
            /// thrown away. Clients do not see it any more.
            #[utoipa::path(tag = $tag, extensions(("x-permission" = json!($attaches))), request_body = WithdrawFile,
                params(("id" = String, Path, format = Uuid, description = "What it is attached to"), ("file" = String, Path, format = Uuid, description = "The file")),
                responses((status = 200, description = "Withdrawn", body = AttachedFile)))]
            #[post($withdrawn)]
            async fn $withdraw(
                store: web::Data<Store>,
                step: Step<may::$attach, $id, WithdrawFile>,
                file: SubId<FileId>,
            ) -> Result<HttpResponse, Problem> {
                acts::withdraw(&store, step, file.0).await
            }
        }
    };
}

files_of! {
    orders(OrderId), read OrderRead = "order:read", attach OrderCreate = "order:create", tag "orders",
    order_files order_file_attach = "/orders/{id}/files", order_file order_file_share = "/orders/{id}/files/{file}",
    order_file_content = "/orders/{id}/files/{file}/content", order_file_withdraw = "/orders/{id}/files/{file}/withdraw"
}
files_of! {
    samples(SampleId), read SampleRead = "sample:read", attach SampleRegister = "sample:register", tag "samples",
    sample_files sample_file_attach = "/samples/{id}/files", sample_file sample_file_share = "/samples/{id}/files/{file}",
    sample_file_content = "/samples/{id}/files/{file}/content", sample_file_withdraw = "/samples/{id}/files/{file}/withdraw"
}
files_of! {
    results(ResultId), read ResultRead = "result:read", attach ResultEnter = "result:enter", tag "results",
    result_files result_file_attach = "/results/{id}/files", result_file result_file_share = "/results/{id}/files/{file}",
    result_file_content = "/results/{id}/files/{file}/content", result_file_withdraw = "/results/{id}/files/{file}/withdraw"
}
