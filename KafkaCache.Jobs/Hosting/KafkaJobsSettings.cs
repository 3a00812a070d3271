using KafkaCaching.Jobs.Leading;
using KafkaCaching.Jobs.Running;
using KafkaCaching.Jobs.Tables;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Jobs.Hosting;

/// <summary>The settings of the jobs of a container. They are created and validated together with the options of the caches that hold the
/// jobs' states and logs. Their initial values are the defaults that apply to all caches.</summary>
internal sealed class KafkaJobsSettings(
    IOptions<KafkaJobsOptions> options, IEnumerable<JobsSection> sections, IEnumerable<JobDefinition> jobs)
    : IValidateOptions<KafkaCacheOptions<string, TableValue>>
{
    /// <summary>The name of the cache that holds the states and runs.</summary>
    public const string Table = "jobs";

    /// <summary>The name of the cache that holds the logs.</summary>
    public const string Logs = "jobs-logs";

    private KafkaCacheOptions<string, TableValue>? _table;

    /// <summary>The options of the jobs. Their client settings are those of the table, which include the settings that all caches
    /// share.</summary>
    public KafkaJobsOptions Options
    {
        get
        {
            if (_table is { } table)
                (options.Value.BootstrapServers, options.Value.Client) = (table.BootstrapServers, table.Client);
            return options.Value;
        }
    }

    public ValidateOptionsResult Validate(string? name, KafkaCacheOptions<string, TableValue> options)
    {
        if (name != Table)
            return ValidateOptionsResult.Skip;
        string[] ofOptions = [.. KafkaJobsFaults.Of(Options, jobs)];
        string[] faults =
        [
            .. sections.SelectMany(one => SectionFaults.Of(one.Section, new KafkaJobsOptions(), isNeeded: ofOptions.Length > 0)),
            .. ofOptions,
        ];
        return faults.Length > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }

    public void ApplyTo(KafkaCacheOptions<string, TableValue> table)
    {
        Options.TakeDefaults(table.BootstrapServers, table.Client);
        JobTableOptions.ApplyTo(table, Options);
        _table ??= table;
    }

    public void ApplyTo(KafkaCacheOptions<string, JobLogLine> logs)
    {
        Options.TakeDefaults(logs.BootstrapServers, logs.Client);
        JobTableOptions.ApplyTo(logs, Options);
    }
}
