using KafkaCaching.Jobs.Hosting;
using KafkaCaching.Jobs.Running;
using Microsoft.Extensions.Configuration;
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
        return Add<TJob>(name, options, []);
    }

    /// <summary>Adds a job whose schedule is in a section of the configuration. The section is read now. Otherwise it does the same as
    /// <see cref="AddJob{TJob}(string, string, Action{JobOptions})"/>.</summary>
    /// <typeparam name="TJob">The job.</typeparam>
    /// <param name="name">The name of the job.</param>
    /// <param name="configuration">The section, with the keys <c>Cron</c>, <c>TimeZone</c> and <c>Missed</c>. A key that is none of them,
    /// or a value that can't be read, stops the host at start.</param>
    /// <returns>This builder.</returns>
    public KafkaJobsBuilder AddJob<TJob>(string name, IConfiguration configuration)
        where TJob : class, IKafkaJob
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configuration);
        var options = new JobOptions();
        return Add<TJob>(name, options, [.. SectionFaults.Of(configuration, options, isNeeded: true)]);
    }

    private KafkaJobsBuilder Add<TJob>(string name, JobOptions options, IReadOnlyList<string> faults)
        where TJob : class, IKafkaJob
    {
        Services.AddSingleton(
            new JobDefinition(name, options, static services => ActivatorUtilities.CreateInstance<TJob>(services)) { Faults = faults });
        return this;
    }
}
