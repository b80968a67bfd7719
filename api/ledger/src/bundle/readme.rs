//! README.txt: what the bundle is and how to check it, in the laboratory's language and in English.

use super::Kind;

/// A language that Attest speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English alone.
    English,
    /// Polish, then English.
    Polish,
}

/// `rotated`: the log's key was replaced at some time, and the bundle has the proofs.
pub(super) fn text(language: Language, log: &str, kind: Kind, extent: (u64, u64), rotated: bool) -> String {
    let english = english(log, kind, extent, rotated);
    match language {
        Language::English => english,
        Language::Polish => format!(
            "{}\n{}\n\n{english}",
            polish(log, kind, extent, rotated),
            "-".repeat(72)
        ),
    }
}

fn english(log: &str, kind: Kind, (first, last): (u64, u64), rotated: bool) -> String {
    let rotations = if rotated {
        "
    rotations.jsonl                proofs that lead from earlier keys of the log to the present one;
                                   KEY may be any of them"
    } else {
        ""
    };
    let scope = match kind {
        Kind::Range => {
            format!("every entry from index {first} to index {last}, both included; nothing is missing between them")
        }
        Kind::Selection => {
            format!("chosen entries between index {first} and index {last}; entries that were not chosen are not here")
        }
    };
    format!(
        "AUDIT TRAIL EXCERPT
===================

Log:     {log}
Content: {scope}.

How to check it (no network needed):

    attest-verify FILE --key KEY [--held CHECKPOINT]

FILE is this archive, or the signed PDF that has the same files attached. KEY is the log's
verifier key; take it from the laboratory or its contract with you, not from this archive.
CHECKPOINT is a checkpoint that you kept from earlier; with it the program also proves that the
log has only grown since.

The files:

    manifest.json, manifest.note   what belongs to this excerpt, signed
    checkpoint.note                the signed size and root of the log
    entries.jsonl                  the entries, one a line
    proofs.jsonl, range.json       hashes that lead from the entries to the checkpoint
    consistency.json               hashes that lead from your checkpoint to this one{rotations}
    openings.jsonl                 personal values that the exporter was allowed to see
    timestamp.tsr                  time stamp over checkpoint.note (RFC 3161)

What it proves: no change, removal, insertion, reordering or back-dating after the first
checkpoint that someone else holds.

What it does not prove: that what was entered was true; events that a compromised server never
wrote; what happened before the first checkpoint left the house; anything against a conspiracy
of server, signer and witnesses.
"
    )
}

fn polish(log: &str, kind: Kind, (first, last): (u64, u64), rotated: bool) -> String {
    let rotations = if rotated {
        "
    rotations.jsonl                dowody prowadzące od wcześniejszych kluczy dziennika do obecnego;
                                   KLUCZ może być dowolnym z nich"
    } else {
        ""
    };
    let scope = match kind {
        Kind::Range => {
            format!("wszystkie wpisy od numeru {first} do numeru {last} włącznie; niczego między nimi nie brakuje")
        }
        Kind::Selection => format!("wybrane wpisy od numeru {first} do numeru {last}; wpisów niewybranych tu nie ma"),
    };
    format!(
        "WYCIĄG Z DZIENNIKA ZDARZEŃ
==========================

Dziennik:  {log}
Zawartość: {scope}.

Jak sprawdzić (sieć nie jest potrzebna):

    attest-verify PLIK --key KLUCZ [--held PUNKT_KONTROLNY]

PLIK to to archiwum albo podpisany PDF z tymi samymi plikami w załącznikach. KLUCZ to klucz
weryfikujący dziennika; należy go wziąć od laboratorium lub z umowy z nim, nie z tego archiwum.
PUNKT_KONTROLNY to punkt kontrolny zachowany wcześniej; z nim program dowodzi też, że dziennik
od tamtej pory tylko przyrastał.

Pliki:

    manifest.json, manifest.note   co należy do wyciągu, podpisane
    checkpoint.note                podpisany rozmiar i korzeń dziennika
    entries.jsonl                  wpisy, po jednym w wierszu
    proofs.jsonl, range.json       skróty prowadzące od wpisów do punktu kontrolnego
    consistency.json               skróty prowadzące od Twojego punktu kontrolnego do tego{rotations}
    openings.jsonl                 dane osobowe, które eksportujący mógł widzieć
    timestamp.tsr                  znacznik czasu dla checkpoint.note (RFC 3161)

Czego dowodzi: od pierwszego punktu kontrolnego, który ma ktoś jeszcze, niczego nie zmieniono,
nie usunięto, nie dodano, nie przestawiono ani nie antydatowano.

Czego nie dowodzi: że to, co wpisano, było prawdą; zdarzeń, których przejęty serwer nigdy nie
zapisał; tego, co działo się, zanim pierwszy punkt kontrolny opuścił laboratorium; niczego
wobec zmowy serwera, podpisującego i świadków.
"
    )
}
