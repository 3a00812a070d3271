using System.Diagnostics.Metrics;
using KafkaCaching;
using KafkaCaching.Diagnostics;
using KafkaCaching.Jobs;
using KafkaCaching.Jobs.Diagnostics;
using KafkaCaching.Jobs.History;
using KafkaCaching.Jobs.Hosting;
using KafkaCaching.Jobs.Running;
using KafkaCaching.Jobs.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds jobs to an application.</summary>
public static class KafkaJobsServiceCollectionExtensions
{
    /// <summary>Adds the services that jobs need: the caches <c>jobs</c> and <c>jobs-logs</c>, which hold the states, runs and logs of the
    /// jobs, <see cref="IJobHistory"/> and <see cref="IKafkaJobRunner"/>. Jobs run while the host runs. A further call sets more
    /// options.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>A builder that adds jobs.</returns>
    public static KafkaJobsBuilder AddKafkaJobs(this IServiceCollection services, Action<KafkaJobsOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<KafkaJobsOptions>().Configure(configure);
        if (services.Any(static one => one.ServiceType == typeof(KafkaJobsSettings)))
            return new KafkaJobsBuilder(services);

        services.AddSingleton<KafkaJobsSettings>();
        services.AddSingleton<IValidateOptions<KafkaCacheOptions<string, TableValue>>>(
            static provider => provider.GetRequiredService<KafkaJobsSettings>());
        services.AddKafkaCache<string, TableValue>(KafkaJobsSettings.Table, static _ => { });
        services.AddOptions<KafkaCacheOptions<string, TableValue>>(KafkaJobsSettings.Table)
            .Configure<KafkaJobsSettings>(static (table, settings) => settings.ApplyTo(table));
        services.AddKafkaCache<string, JobLogLine>(KafkaJobsSettings.Logs, static _ => { });
        services.AddOptions<KafkaCacheOptions<string, JobLogLine>>(KafkaJobsSettings.Logs)
            .Configure<KafkaJobsSettings>(static (logs, settings) => settings.ApplyTo(logs));

        services.AddSingleton(static provider => new JobCounts(
            provider.GetService<IMeterFactory>(), provider.GetServices<JobDefinition>().Select(static job => job.Name),
            () => provider.GetRequiredService<JobStatusReport>().All));
        services.AddSingleton(static provider => new JobStore(
            provider.GetRequiredService<KafkaJobsSettings>().Options, Table(provider), Logs(provider),
            provider.GetService<TimeProvider>() ?? TimeProvider.System, Loggers(provider)));
        services.AddSingleton(static provider => new JobRunner(
            provider.GetRequiredService<JobStore>(), provider.GetRequiredService<IServiceScopeFactory>(),
            provider.GetRequiredService<JobCounts>(), Logger(provider)));
        services.AddSingleton<JobLoops>();
        services.AddSingleton<JobStatusReport>();
        services.AddSingleton<IJobHistory>(static provider => new JobHistory(Table(provider), Logs(provider)));
        services.AddSingleton<IKafkaJobRunner>(static provider => new KafkaJobRunner(
            provider.GetServices<JobDefinition>(), provider.GetRequiredService<JobStore>(), provider.GetRequiredService<JobRunner>(),
            provider.GetRequiredService<JobStatusReport>(), provider.GetService<IMeterFactory>()));
        services.AddSingleton<IHostedService>(static provider => new KafkaJobsService(
            provider.GetRequiredService<JobStore>(), provider.GetServices<JobDefinition>(), provider.GetRequiredService<JobRunner>(),
            provider.GetRequiredService<JobLoops>(), provider.GetService<IMeterFactory>(), Logger(provider)));
        return new KafkaJobsBuilder(services);
    }

    /// <summary>Adds the services that jobs need, with options from a section of the configuration. In all other respects, this method does
    /// the same as <see cref="AddKafkaJobs(IServiceCollection, Action{KafkaJobsOptions})"/>.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configuration">The section. Its keys are the names of the options; <c>Client</c> and <c>Store</c> are sections. The
    /// host does not start if a key is not an option or a value can't be read.</param>
    /// <param name="configure">Sets more options on top of the section.</param>
    /// <returns>A builder that adds jobs.</returns>
    public static KafkaJobsBuilder AddKafkaJobs(
        this IServiceCollection services, IConfiguration configuration, Action<KafkaJobsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddSingleton(new JobsSection(configuration));
        return services.AddKafkaJobs(options =>
        {
            OptionsSection.Bind(configuration, options);
            configure?.Invoke(options);
        });
    }

    private static IKafkaCache<string, TableValue> Table(IServiceProvider services) =>
        services.GetRequiredKeyedService<IKafkaCache<string, TableValue>>(KafkaJobsSettings.Table);

    private static IKafkaCache<string, JobLogLine> Logs(IServiceProvider services) =>
        services.GetRequiredKeyedService<IKafkaCache<string, JobLogLine>>(KafkaJobsSettings.Logs);

    private static ILoggerFactory Loggers(IServiceProvider services) => services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;

    private static ILogger Logger(IServiceProvider services) => GuardedLogger.Of(Loggers(services), "KafkaCache.Jobs");
}
