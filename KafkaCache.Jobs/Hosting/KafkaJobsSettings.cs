using KafkaCaching.Jobs.Running;
using KafkaCaching.Jobs.Tables;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Jobs.Hosting;

/// <summary>The settings of the jobs of a container: made when the options of the caches behind them are, on top of the defaults of all
/// caches, and checked with them.</summary>
internal sealed class KafkaJobsSettings(IOptions<KafkaJobsOptions> options, IEnumerable<JobDefinition> jobs)
    : IValidateOptions<KafkaCacheOptions<string, TableValue>>
{
    /// <summary>The name of the cache of the states and runs.</summary>
    public const string Table = "jobs";

    /// <summary>The name of the cache of the logs.</summary>
    public const string Logs = "jobs-logs";

    public KafkaJobsOptions Options => options.Value;

    public ValidateOptionsResult Validate(string? name, KafkaCacheOptions<string, TableValue> options)
    {
        if (name != Table)
            return ValidateOptionsResult.Skip;
        string[] faults = [.. KafkaJobsFaults.Of(Options, jobs)];
        return faults.Length > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }

    public void ApplyTo(KafkaCacheOptions<string, TableValue> table)
    {
        Take(table.BootstrapServers, table.Client);
        JobTableOptions.ApplyTo(table, Options);
    }

    public void ApplyTo(KafkaCacheOptions<string, JobLogLine> logs)
    {
        Take(logs.BootstrapServers, logs.Client);
        JobTableOptions.ApplyTo(logs, Options);
    }

    private void Take(string? servers, Confluent.Kafka.ClientConfig? client)
    {
        Options.BootstrapServers ??= servers;
        Options.Client ??= client;
    }
}
