using System.Diagnostics;
using System.Globalization;
using KafkaCaching.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Benchmarks.Jobs;

/// <summary>Runs a job with a state of many keys several times, each time like a program that cron starts.</summary>
internal static class JobStart
{
    public const int Keys = 10_000;

    /// <returns>The seconds from each start until the job has its state. The first start, which compiles the code, is not
    /// counted.</returns>
    public static async Task<List<double>> MeasureAsync(string bootstrapServers, int rounds)
    {
        var options = new KafkaJobsOptions { BootstrapServers = bootstrapServers, Topic = $"jobs-{Guid.NewGuid():N}" };
        var times = new List<double>();
        for (var round = -1; round < rounds; round++)
        {
            var start = new Start(Stopwatch.GetTimestamp());
            await using var services = new ServiceCollection().AddSingleton(start).BuildServiceProvider();
            if (await KafkaJobs.RunOnceAsync<Job>("keys", options, services) != KafkaJobs.Succeeded)
                throw new InvalidOperationException("The job failed.");
            if (round >= 0)
                times.Add(start.Seconds);
        }

        return times;
    }

    private sealed class Start(long began)
    {
        public double Seconds { get; private set; }

        public void Stop() => Seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private sealed class Job(Start start) : IKafkaJob
    {
        public Task RunAsync(JobRun run, CancellationToken stop)
        {
            if (run.State.IsEmpty)
            {
                for (var i = 0; i < Keys; i++)
                    run.State.Set(i.ToString(CultureInfo.InvariantCulture), i);
            }
            else if (run.State.All.Count == Keys)
            {
                start.Stop();
            }
            else
            {
                throw new InvalidOperationException($"The state has {run.State.All.Count} keys.");
            }

            return Task.CompletedTask;
        }
    }
}
