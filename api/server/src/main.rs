//! `attest`: the server and its command line. The only crate that knows HTTP.

mod api;
mod cli;
mod config;
mod doctor;
mod door;
mod examples;
mod exports;
mod flat;
mod http;
mod listed;
mod mail;
mod paper;
mod people_file;
mod press;
mod rounds;
mod routes;
mod serve;
mod serve_demo;
mod sign_on;
mod signing;
mod webhooks;
mod wire;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run(cli::Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("attest: {error}");
            ExitCode::FAILURE
        }
    }
}
