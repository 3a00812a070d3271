using KafkaCaching.Jobs.Tables;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Jobs.Running;

/// <summary>Where the jobs of a service keep what they remember.</summary>
internal sealed record JobStore(
    KafkaJobsOptions Options, IKafkaCache<string, TableValue> Table, IKafkaCache<string, JobLogLine> Logs, TimeProvider Time,
    ILoggerFactory Loggers)
{
    public FencedWriterOptions Writer(string job) => new()
    {
        BootstrapServers = Options.BootstrapServers,
        Client = Options.Client,
        Topic = Options.Topic,
        Id = $"{Options.Topic}.job.{job}",
        BarrierKey = State.JobKeys.Barrier(job),
        TransactionTimeout = Options.TransactionTimeout,
        TimeProvider = Time,
    };

    public LeadershipOptions Election(string job, System.Diagnostics.Metrics.IMeterFactory? meters) => new()
    {
        BootstrapServers = Options.BootstrapServers,
        Client = Options.Client,
        Name = $"{Options.Topic}.job.{job}",
        Topic = Options.ElectionTopic,
        CreateTopic = Options.CreateTopic,
        ReplicationFactor = Options.ReplicationFactor,
        SessionTimeout = Options.SessionTimeout,
        TimeProvider = Time,
        MeterFactory = meters,
    };
}
