using KafkaCaching.Jobs.Tables;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Jobs.Running;

/// <summary>The options, the tables and the clock that the jobs of a service share.</summary>
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
}
