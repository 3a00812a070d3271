using KafkaCaching.Diagnostics;
using KafkaCaching.Jobs.Diagnostics;
using KafkaCaching.Jobs.Tables;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Jobs.Running;

/// <summary>Runs a job once in a process without a host: creates the parts that a container would provide, runs the job, and disposes of
/// the parts.</summary>
internal static class JobProcess
{
    public static async Task<RunEnd?> RunAsync(
        JobDefinition job, KafkaJobsOptions options, IServiceProvider? services, CancellationToken stop)
    {
        string[] faults = [.. KafkaJobsFaults.Of(options, [job])];
        if (faults.Length > 0)
            throw new OptionsValidationException(job.Name, typeof(KafkaJobsOptions), faults);
        var time = services?.GetService<TimeProvider>() ?? TimeProvider.System;
        var loggers = services?.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;

        // The election takes the longest, so it begins first.
        var leadership = JobElection.Join(job.Name, options, time, meters: null, loggers);
        await using (leadership.ConfigureAwait(false))
        {
            await Task.WhenAll(
                EnsureAsync(JobTableOptions.Table(options), options, loggers, time, stop),
                EnsureAsync(JobTableOptions.Logs(options), options, loggers, time, stop)).ConfigureAwait(false);
            return await RunAsync(job, options, services, leadership, time, loggers, stop).ConfigureAwait(false);
        }
    }

    private static async Task<RunEnd?> RunAsync(
        JobDefinition job, KafkaJobsOptions options, IServiceProvider? services, KafkaLeadership leadership, TimeProvider time,
        ILoggerFactory loggers, CancellationToken stop)
    {
        var table = KafkaCache.Create(Table(options, time), loggers);
        await using (table.ConfigureAwait(false))
        {
            var logs = KafkaCache.Create(Logs(options, time), loggers);
            await using (logs.ConfigureAwait(false))
            {
                using var counts = new JobCounts(factory: null, [], static () => []);
                await using var none = new ServiceCollection().BuildServiceProvider();
                var scopes = services?.GetService<IServiceScopeFactory>() ?? none.GetRequiredService<IServiceScopeFactory>();
                var store = new JobStore(options, table, logs, time, loggers);
                var runner = new JobRunner(store, scopes, counts, GuardedLogger.Of(loggers, "KafkaCache.Jobs"));
                return await SingleRun.RunAsync(job, store, runner, leadership, stop).ConfigureAwait(false);
            }
        }
    }

    private static Task<EnsuredTopic> EnsureAsync(
        TopicRequirements topic, KafkaJobsOptions options, ILoggerFactory loggers, TimeProvider time, CancellationToken stop) =>
        KafkaTopics.EnsureAsync(
            topic,
            new EnsureTopicOptions
            {
                BootstrapServers = options.BootstrapServers, Client = options.Client, Create = options.CreateTopic, TimeProvider = time,
            },
            loggers, stop);

    private static KafkaCacheOptions<string, TableValue> Table(KafkaJobsOptions options, TimeProvider time)
    {
        var table = new KafkaCacheOptions<string, TableValue> { TimeProvider = time };
        JobTableOptions.ApplyTo(table, options);
        return table;
    }

    private static KafkaCacheOptions<string, JobLogLine> Logs(KafkaJobsOptions options, TimeProvider time)
    {
        var logs = new KafkaCacheOptions<string, JobLogLine> { TimeProvider = time };
        JobTableOptions.ApplyTo(logs, options);
        return logs;
    }
}
