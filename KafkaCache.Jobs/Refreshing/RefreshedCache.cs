using System.Text;
using KafkaCaching.Jobs.Leading;
using KafkaCaching.Jobs.Snapshots;
using KafkaCaching.Jobs.Tables;

namespace KafkaCaching.Jobs.Refreshing;

/// <summary>The public view of a refreshed cache.</summary>
internal sealed class RefreshedCache<TKey, TRow>(
    string name, RefreshedCacheOptions<TKey, TRow> options, IKafkaCache<string, TableValue> table, SnapshotReader<TKey, TRow> reader,
    TimeProvider time, CancellationToken ended) : IRefreshedCache<TKey, TRow>
    where TKey : notnull
{
    private readonly TableValue _caller = new(Encoding.UTF8.GetBytes(Environment.MachineName));

    public string Name => name;

    public Snapshot<TKey, TRow> Current => reader.Served?.Snapshot ?? throw new RefreshedCacheNotReadyException(name);

    public RefreshedCacheStatus Status => RefreshStatusReport.Of(
        options.MaxAge, reader, Barriers.Leader(table, ReservedKeys.Barrier), Leading, time.GetUtcNow());

    /// <summary>The leadership of this instance; <see langword="null"/> until it takes part in the election.</summary>
    public RefreshLeading? Leading { get; set; }

    public Task WaitUntilReadyAsync(CancellationToken cancellationToken = default) => WaitAsync(
        () => reader.Served is not null, options.ReadyTimeout,
        () => $"The refreshed cache '{name}' has no version after {options.ReadyTimeout}. {Status.LastFailure} {Status.Problem}",
        cancellationToken);

    public async Task RefreshAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(ended.IsCancellationRequested, typeof(IRefreshedCache));
        var request = await table.PutAsync(ReservedKeys.Request, _caller, cancellationToken: cancellationToken).ConfigureAwait(false);
        await WaitAsync(
            () => IsAnswered(request.Offset), options.RefreshTimeout,
            () => $"The refreshed cache '{name}' serves no new version after {options.RefreshTimeout}. {Status.Problem}",
            cancellationToken).ConfigureAwait(false);
    }

    private bool IsAnswered(long request)
    {
        if (reader.Served?.Manifest.Request >= request)
            return true;
        return reader.Failure is { } failure && failure.Request >= request
            ? throw new RefreshFailedException($"The refresh of '{name}' failed, and the old version is still served: {failure.Reason}")
            : false;
    }

    private async Task WaitAsync(Func<bool> isSo, TimeSpan timeout, Func<string> late, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken, ended);
        try
        {
            while (true)
            {
                var something = reader.Heard.Next;
                if (isSo())
                    return;
                await something.WaitAsync(any.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException over)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw ended.IsCancellationRequested
                ? new ObjectDisposedException($"The refreshed cache '{name}' has been disposed of.", over)
                : new TimeoutException(late(), over);
        }
    }
}
