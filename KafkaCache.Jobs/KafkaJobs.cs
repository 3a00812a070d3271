using KafkaCaching.Jobs.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Jobs;

/// <summary>Runs a job once, for programs that cron or another scheduler starts.</summary>
public static class KafkaJobs
{
    /// <summary>The name of the meter of refreshed caches and jobs.</summary>
    public const string MeterName = "KafkaCache.Jobs";

    /// <summary>The exit code of a run that succeeded.</summary>
    public const int Succeeded = 0;

    /// <summary>The exit code of a run that failed or was cut off.</summary>
    public const int Failed = 1;

    /// <summary>The exit code if another process runs the job, or has taken over from this one. The value is that of
    /// <c>EX_TEMPFAIL</c>.</summary>
    public const int HeldByAnother = 75;

    /// <summary>Runs a job once, unless another process runs it. It creates its own Kafka clients and closes them.</summary>
    /// <remarks>SIGTERM and SIGINT (Ctrl+C) cancel the token of the run instead of ending the process: the run counts as
    /// <see cref="JobRunOutcome.Stopped"/>, another process can run the job at once, and the exit code is <see cref="Failed"/>. A second
    /// signal ends the process.</remarks>
    /// <typeparam name="TJob">The type of the job. Its constructor receives the services.</typeparam>
    /// <param name="job">The name of the job.</param>
    /// <param name="options">The options of the topics in which the job keeps its state.</param>
    /// <param name="services">Services for the job, including its logger factory. Default: none.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>The exit code for the process: <see cref="Succeeded"/>, <see cref="Failed"/> or <see cref="HeldByAnother"/>.</returns>
    /// <exception cref="OptionsValidationException">The options have faults. The exception lists all of them.</exception>
    /// <exception cref="TopicRequirementsException">A topic exists but can't be used as it is.</exception>
    /// <exception cref="TimeoutException">The brokers do not answer.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the run began.</exception>
    public static async Task<int> RunOnceAsync<TJob>(
        string job, KafkaJobsOptions options, IServiceProvider? services = null, CancellationToken cancellationToken = default)
        where TJob : class, IKafkaJob
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(options);
        var definition = new JobDefinition(job, new JobOptions(), static scope => ActivatorUtilities.CreateInstance<TJob>(scope));
        using var signals = new StopSignals(cancellationToken);
        try
        {
            var end = await JobProcess.RunAsync(definition, options, services, signals.Token).ConfigureAwait(false);
            return end switch
            {
                RunEnd.Succeeded => Succeeded,
                null or RunEnd.Fenced => HeldByAnother,
                _ => Failed,
            };
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return Failed; // A signal came before the run began.
        }
    }
}
