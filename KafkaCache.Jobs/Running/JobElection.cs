using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Jobs.Running;

/// <summary>The election of a job: each has its own.</summary>
internal static class JobElection
{
    public static KafkaLeadership Join(
        string job, KafkaJobsOptions options, TimeProvider time, IMeterFactory? meters, ILoggerFactory loggers) => KafkaLeadership.Campaign(
        new LeadershipOptions
        {
            BootstrapServers = options.BootstrapServers,
            Client = options.Client,
            Name = $"{options.Topic}.job.{job}",
            Topic = options.ElectionTopic,
            CreateTopic = options.CreateTopic,
            ReplicationFactor = options.ReplicationFactor,
            SessionTimeout = options.SessionTimeout,
            TimeProvider = time,
            MeterFactory = meters,
        },
        loggers);
}
