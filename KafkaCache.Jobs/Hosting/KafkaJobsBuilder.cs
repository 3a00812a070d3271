using KafkaCaching.Jobs.Running;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Jobs;

/// <summary>Adds jobs to those that <c>AddKafkaJobs</c> has registered.</summary>
public sealed class KafkaJobsBuilder
{
    internal KafkaJobsBuilder(IServiceCollection services) => Services = services;

    /// <summary>The services that the jobs are added to.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds a job. Of all instances of the service, one runs it at a time.</summary>
    /// <typeparam name="TJob">The job. Each run gets an instance of its own, whose constructor gets services of the run's
    /// scope.</typeparam>
    /// <param name="name">The name of the job: 1 to 100 letters (a to z), digits, <c>.</c>, <c>_</c> and <c>-</c>. What the job remembers
    /// is found by it.</param>
    /// <param name="cron">When it runs, as a cron expression of five fields, or six with seconds; <see langword="null"/> for a job that
    /// <see cref="IKafkaJobRunner"/> runs.</param>
    /// <param name="configure">Sets more options.</param>
    /// <returns>This builder.</returns>
    public KafkaJobsBuilder AddJob<TJob>(string name, string? cron = null, Action<JobOptions>? configure = null)
        where TJob : class, IKafkaJob
    {
        ArgumentNullException.ThrowIfNull(name);
        var options = new JobOptions { Cron = cron };
        configure?.Invoke(options);
        Services.AddSingleton(new JobDefinition(name, options, static services => ActivatorUtilities.CreateInstance<TJob>(services)));
        return this;
    }
}
