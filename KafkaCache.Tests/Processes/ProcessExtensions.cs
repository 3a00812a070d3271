using System.Diagnostics;
using System.Globalization;

namespace KafkaCaching.Tests.Processes;

internal static class ProcessExtensions
{
    /// <param name="process">The process.</param>
    /// <param name="signal">The signal as the shell's <c>kill</c> takes it, such as <c>-STOP</c>.</param>
    public static async Task SignalAsync(this Process process, string signal)
    {
        using var kill = Process.Start("kill", [signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Waits for the process to end. When the time limit is exceeded, the process is killed with its children, and the test
    /// fails.</summary>
    public static async Task<int> ExitCodeAsync(this Process process, TimeSpan limit)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(limit);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
            return process.ExitCode;
        }
        catch (OperationCanceledException e) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{process.StartInfo.FileName} has not ended within {limit.TotalSeconds} s.", e);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
