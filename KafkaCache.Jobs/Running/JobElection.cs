using System.Diagnostics.Metrics;
using KafkaCaching.Jobs.Leading;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Jobs.Running;

/// <summary>The election of a job. Each job has its own.</summary>
internal static class JobElection
{
    public static KafkaLeadership Join(
        string job, KafkaJobsOptions options, TimeProvider time, IMeterFactory? meters, ILoggerFactory loggers) =>
        KafkaLeadership.Campaign(options.Election($"{options.Topic}.job.{job}", time, meters), loggers);
}
