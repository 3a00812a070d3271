namespace KafkaCaching.Hosting;

/// <summary>What the host does with a cache and asks of it.</summary>
internal interface IHostedCache : ICacheHandle
{
    /// <summary>Whether the replay thread lives.</summary>
    bool IsReplayRunning { get; }

    /// <summary>How long ago the brokers last confirmed that the replay keeps up.</summary>
    TimeSpan SinceConfirmed { get; }

    Task WaitUntilReadyAsync(CancellationToken cancellationToken);
}
