using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Jobs;

/// <summary>The input of one fetch of a refreshed cache. The fetch also reports its progress to this object. The object and its services
/// are valid until the fetch ends.</summary>
public sealed class RefreshFetch
{
    private readonly Action<long, long?> _report;

    internal RefreshFetch(
        IServiceProvider services, IReadOnlyDictionary<string, string> args, int attempt, DateTimeOffset? last,
        Action<long, long?> report) =>
        (Services, Args, Attempt, LastFetchedAt, _report) = (services, args, attempt, last, report);

    /// <summary>The services of this fetch's own scope.</summary>
    public IServiceProvider Services { get; }

    /// <summary>The arguments that are set in the options.</summary>
    public IReadOnlyDictionary<string, string> Args { get; }

    /// <summary>The number of this attempt within the refresh, from 1.</summary>
    public int Attempt { get; }

    /// <summary>When the fetch of the previous version began; <see langword="null"/> if there is none.</summary>
    public DateTimeOffset? LastFetchedAt { get; }

    /// <summary>Gets a service.</summary>
    /// <typeparam name="T">The type of the service.</typeparam>
    /// <returns>The service.</returns>
    /// <exception cref="InvalidOperationException">There is no such service.</exception>
    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>Reports the progress of a long fetch for the cache's status. Safe to call from any thread.</summary>
    /// <param name="done">The number of rows fetched so far.</param>
    /// <param name="total">The total number of rows, if it is known.</param>
    public void Report(long done, long? total = null) => _report(done, total);
}
