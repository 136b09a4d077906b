//! Listens, works off the queue of jobs beside it, and stops gracefully.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use store::Store;

use crate::app::App;
use crate::http;

/// The stack of a thread that answers; nothing that comes in may nest deeper than is refused long before.
const STACK: usize = 8 * 1024 * 1024;
/// How long the worker rests when there is nothing due.
const REST: Duration = Duration::from_millis(200);

/// The server could not start or went down.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is taken, or not ours.
    #[error("cannot listen on {address}: {source}; take another with --listen")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why not.
        source: std::io::Error,
    },
    /// Serving failed.
    #[error("serving failed: {0}")]
    Serve(std::io::Error),
}

/// Serves until interrupted (ctrl-c or SIGTERM), then finishes what has begun. `ready` is told the address,
/// which is of use when the port was left to the system (`:0`).
pub fn run(app: Arc<App>, address: SocketAddr, ready: impl FnOnce(SocketAddr)) -> Result<(), ServeError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build();
    let runtime = runtime.map_err(ServeError::Serve)?;
    let stop = Arc::new(AtomicBool::new(false));
    let worker = work(Arc::clone(&app.store), Arc::clone(&stop));
    let served = runtime.block_on(listen(app, address, ready));
    stop.store(true, Ordering::SeqCst);
    if worker.is_ok_and(|worker| worker.join().is_err()) {
        tracing::error!("the worker ended in a panic");
    }
    runtime.shutdown_timeout(Duration::from_secs(10));
    served
}

async fn listen(
    app: Arc<App>,
    address: SocketAddr,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), ServeError> {
    let socket = tokio::net::TcpListener::bind(address).await;
    let socket = socket.map_err(|source| ServeError::Listen { address, source })?;
    ready(socket.local_addr().unwrap_or(address));
    let limit = DefaultBodyLimit::max(http::UPLOAD_BYTES);
    let router = Router::new().fallback(http::handle).layer(limit).with_state(app);
    axum::serve(socket, router).with_graceful_shutdown(interrupted()).await.map_err(ServeError::Serve)
}

async fn interrupted() {
    let ctrl_c = async { drop(tokio::signal::ctrl_c().await) };
    #[cfg(unix)]
    let ended = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let ended = std::future::pending::<()>();
    tokio::select! { () = ctrl_c => {}, () = ended => {} }
    tracing::info!("stopping: finishing what has begun");
}

fn work(store: Arc<Store>, stop: Arc<AtomicBool>) -> std::io::Result<std::thread::JoinHandle<()>> {
    let turn = move || {
        while !stop.load(Ordering::SeqCst) {
            match store.work() {
                Ok(true) => {}
                Ok(false) => std::thread::sleep(REST),
                Err(error) => {
                    tracing::error!(%error, "the worker could not work");
                    std::thread::sleep(REST * 10);
                }
            }
        }
    };
    std::thread::Builder::new().name("worker".to_owned()).spawn(turn)
}
