using KafkaCaching.Demo.Arguments;
using KafkaCaching.Demo.Terminals;
using Prometheus;

namespace KafkaCaching.Demo;

/// <summary>The demo from its arguments to its exit code.</summary>
internal static class DemoRun
{
    public static async Task<int> RunAsync(string[] args, Terminal terminal, TextWriter error, CancellationToken stop)
    {
        try
        {
            if (DemoCommand.Parse(args, Environment.GetEnvironmentVariable("KAFKA_BOOTSTRAP_SERVERS"), terminal.Output) is not { } arguments)
                return 0;

            await using var demo = await RunningDemo.StartAsync(arguments, terminal, Metrics.DefaultRegistry, stop);
            await ReplayProgress.ShowAsync(demo.Caches, terminal, stop);
            demo.WriteWelcome(terminal);
            await Task.Delay(Timeout.Infinite, stop);
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (DemoException exception)
        {
            await error.WriteLineAsync($"error: {OneLine.Of(exception.Message)}");
            return exception.ExitCode;
        }
    }
}
