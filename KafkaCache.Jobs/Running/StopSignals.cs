using System.Runtime.InteropServices;

namespace KafkaCaching.Jobs.Running;

/// <summary>Cancels a token on the first SIGTERM, which orchestrators send, or SIGINT (Ctrl+C), instead of ending the process. A second
/// signal ends the process.</summary>
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

    // Disposing of a signal registration does not wait for its handler, so the handler may still run afterwards.
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
