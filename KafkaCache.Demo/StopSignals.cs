using System.Runtime.InteropServices;

namespace KafkaCaching.Demo;

/// <summary>Ctrl-C and SIGTERM as a token, from the first moment: before there is a host to listen for them.</summary>
internal sealed partial class StopSignals : IDisposable
{
    private const int Interrupt = 2;
    private const nint DefaultHandler = 0;

    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals()
    {
        // A script that starts the demo in the background starts it with SIGINT ignored, which .NET would leave so: its kill -INT would do nothing.
        if (!OperatingSystem.IsWindows())
            SetSignalHandler(Interrupt, DefaultHandler);
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal), PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal)];
    }

    public CancellationToken Stop => _stop.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _stop.Dispose();
    }

    // A script that passes a signal on may send it twice: the second must not cut the stop short.
    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        _stop.Cancel();
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetSignalHandler(int signal, nint handler);
}
