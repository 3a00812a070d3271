using KafkaCaching.Jobs.Hosting;
using KafkaCaching.Jobs.Running;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Jobs;

/// <summary>Adds jobs to the services that <c>AddKafkaJobs</c> has registered.</summary>
public sealed class KafkaJobsBuilder
{
    internal KafkaJobsBuilder(IServiceCollection services) => Services = services;

    /// <summary>The services that the jobs are added to.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds a job. Only one instance of the service runs it at a time.</summary>
    /// <typeparam name="TJob">The type of the job. Each run gets its own object of this type, whose constructor receives services of the
    /// run's scope.</typeparam>
    /// <param name="name">The name of the job: 1 to 100 ASCII letters, digits, <c>.</c>, <c>_</c> and <c>-</c>. The job's state is stored
    /// under this name.</param>
    /// <param name="cron">When the job runs, as a cron expression of five fields, or six with seconds; <see langword="null"/> for a job
    /// that runs only on demand, through <see cref="IKafkaJobRunner"/>.</param>
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

    /// <summary>Adds a job whose schedule is in a section of the configuration. The section is read during this call. In all other
    /// respects, this method does the same as <see cref="AddJob{TJob}(string, string, Action{JobOptions})"/>.</summary>
    /// <typeparam name="TJob">The type of the job.</typeparam>
    /// <param name="name">The name of the job.</param>
    /// <param name="configuration">The section, with the keys <c>Cron</c>, <c>TimeZone</c> and <c>Missed</c>. The host does not start if
    /// the section has another key or a value that can't be read.</param>
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
