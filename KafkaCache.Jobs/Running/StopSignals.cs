using System.Runtime.InteropServices;

namespace KafkaCaching.Jobs.Running;

/// <summary>Cancels a token when SIGTERM, which an orchestrator sends, or SIGINT (Ctrl+C) asks the process to end. The signal itself then
/// does not end the process; a second one does.</summary>
internal sealed class StopSignals : IDisposable
{
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGTERM, PosixSignal.SIGINT];

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop;
    private readonly PosixSignalRegistration[] _registrations;
    private bool _isDisposed;

    public StopSignals(CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Token = _stop.Token;
        _registrations = Array.ConvertAll(Signals, signal => PosixSignalRegistration.Create(signal, OnSignal));
    }

    public CancellationToken Token { get; }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        lock (_gate)
        {
            _isDisposed = true;
            _stop.Dispose();
        }
    }

    // A registration that is disposed of does not wait for its handler, which may still run.
    private void OnSignal(PosixSignalContext signal)
    {
        lock (_gate)
        {
            if (_isDisposed || _stop.IsCancellationRequested)
                return;
            signal.Cancel = true;
            _stop.Cancel();
        }
    }
}
