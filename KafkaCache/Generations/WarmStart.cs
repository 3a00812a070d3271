using KafkaCaching.Changes;
using KafkaCaching.Diagnostics;
using KafkaCaching.Snapshots;
using KafkaCaching.Snapshots.Format;
using KafkaCaching.Snapshots.FromFile;
using KafkaCaching.Store;
using KafkaCaching.Topics;
using KafkaCaching.Waiting;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Generations;

/// <summary>Chooses where the first generation of a cache begins: at the cache's snapshot or, if there is any doubt about the snapshot, at
/// the start of the log. The snapshot file is loaded while the brokers are queried about the topic.</summary>
internal sealed class WarmStart(SnapshotSettings? settings, ReplayParts parts, string topicName, TimeProvider time, ILogger logger)
{
    // Replaying up to this many records is quicker than downloading a snapshot.
    private const long SmallLog = 100_000;

    private readonly LoadProgress _progress = new();

    // This object lives as long as the cache, so it releases the loaded entries once the start point has been chosen. Otherwise, it would
    // keep a store in memory after the store has been rejected, or has been replaced by that of another generation.
    private Task<LoadedSnapshot>? _loading;
    private Task<TopicPolicy?>? _policy;
    private StartStatus? _status;

    /// <summary>How the cache started; <see langword="null"/> until that has been decided.</summary>
    public StartStatus? Status => Volatile.Read(ref _status);

    /// <summary>Begins to load the snapshot.</summary>
    /// <param name="stopping">The cache is stopping.</param>
    public void Begin(CancellationToken stopping)
    {
        if (settings is not { Unsupported: null })
            return;
        _loading = Blocking.RunAsync(() => Load(stopping));
        _loading.Observe();
    }

    /// <summary>Requests the topic's policy, which decides whether the snapshot is too old, at the same time as the other information about
    /// the topic. If the topic then turns out to be the one from which the snapshot was taken, the policy is that topic's too.</summary>
    /// <remarks>Another thread sends the request. .NET compiles the code for it first, and the other requests must not wait for
    /// that.</remarks>
    public void AskForPolicy(ITopic topic, CancellationToken stopping)
    {
        if (_loading is null)
            return;
        _policy = Blocking.RunAsync(() => AskForPolicyAsync(topic, stopping)).Unwrap();
        _policy.Observe();
    }

    /// <summary>Decides where the generation begins. Called once, on the replay thread.</summary>
    /// <param name="answer">The brokers' answer about the topic.</param>
    /// <param name="topic">The topic, which is asked for its policy.</param>
    /// <param name="stopping">The cache is stopping.</param>
    /// <exception cref="OperationCanceledException">The cache is stopping.</exception>
    public StartPoint Choose(GenerationBuilder.TopicAnswer answer, ITopic topic, CancellationToken stopping)
    {
        var (reason, problem) = settings is null
            ? (ColdStartReason.NotConfigured, null)
            : (ColdStartReason.NotSupported, settings.Unsupported);
        if (_loading is not null)
        {
            try
            {
                return Decide(answer, topic, stopping);
            }
            catch (SnapshotException unusable)
            {
                (reason, problem) = (unusable.Reason, unusable.Message);
                GiveUp(reason);
            }
            catch (OperationCanceledException)
            {
                GiveUp(ColdStartReason.None);
                throw;
            }
        }

        Volatile.Write(
            ref _status,
            new StartStatus { Reason = reason, Problem = problem, OffsetsToReplay = OffsetsFrom(StartPoint.LogStart, answer) });
        if (settings is not null)
            Log.StartsCold(logger, topicName, reason, problem ?? "");
        return StartPoint.LogStart;
    }

    /// <summary>Called when the replay thread ends. If the start point has not been chosen by then, everything that was opened or loaded is
    /// dropped. Entries that are not in memory by then are not loaded.</summary>
    public void End()
    {
        if (_loading is not null)
            GiveUp(ColdStartReason.None);
        if (Status is { IsLoading: true } loading)
            Volatile.Write(ref _status, loading with { IsLoading = false });
    }

    /// <summary>Called on the replay thread when the log turns out to be a different one before the generation has served.</summary>
    public void Retract()
    {
        const string problem = "The log was truncated, or its leader epochs could not be checked.";
        Retract(ColdStartReason.LogChanged, problem);
    }

    /// <summary>Called on the replay thread when the file turns out to be unusable after reads have already been served from it.</summary>
    public void Retract(SnapshotException unusable)
    {
        Retract(unusable.Reason, unusable.Message);
        SetAside(unusable.Reason);
    }

    private void Retract(ColdStartReason reason, string problem)
    {
        Volatile.Write(ref _status, Status! with { Reason = reason, Problem = problem, Entries = 0, IsLoading = false });
        Log.StartsCold(logger, topicName, reason, problem);
    }

    private SnapshotStart Decide(GenerationBuilder.TopicAnswer answer, ITopic topic, CancellationToken stopping)
    {
        var loaded = AwaitLoaded(answer, stopping);
        var unloaded = loaded.Entries.Store as SnapshotStore;
        var description = loaded.Description;
        SnapshotCheck.Log(description, answer.Shape, answer.Ranges);
        var age = SnapshotCheck.Age(description, Policy(topic, stopping), settings!.Options.MaxAge, time.GetUtcNow());
        var entries = description.Entries;
        var applier = loaded.Entries.Applier;
        if (SnapshotCheck.IsCutOff(description, answer.Ranges, isResolved: applier.Claims is not null, applier.JudgesMutations))
        {
            unloaded?.TakeOver();
            Fill(loaded.Entries, store => entries -= DeletedRecords.TakeOut(store, answer.Ranges));
        }

        var start = new SnapshotStart(loaded with { Age = age });
        var offsets = OffsetsFrom(start, answer);
        Volatile.Write(ref _status, new StartStatus
        {
            Reason = ColdStartReason.None, Age = age, Entries = entries, OffsetsToReplay = offsets,
            IsLoading = unloaded is { LoadDuration: null },
            LoadDuration = unloaded is null ? loaded.Elapsed : unloaded.LoadDuration ?? TimeSpan.Zero,
        });
        if (unloaded is null)
            Log.StartsWarm(logger, topicName, entries, age.TotalSeconds, offsets, loaded.Elapsed.TotalMilliseconds);
        else
            Log.StartsFromFile(logger, topicName, age.TotalSeconds, entries, offsets);
        _loading = null;
        return start;
    }

    // If the first request has failed, it is repeated, because without the policy it can't be decided whether the snapshot is too old.
    private TopicPolicy? Policy(ITopic topic, CancellationToken stopping) =>
        _policy!.GetAwaiter().GetResult() ?? AskForPolicyAsync(topic, stopping).GetAwaiter().GetResult();

    private static async Task<TopicPolicy?> AskForPolicyAsync(ITopic topic, CancellationToken stopping)
    {
        try
        {
            return await topic.PolicyAsync().WaitOrAbandonAsync(stopping).ConfigureAwait(false);
        }
        catch (TopicException)
        {
            return null;
        }
    }

    private LoadedSnapshot AwaitLoaded(GenerationBuilder.TopicAnswer answer, CancellationToken stopping)
    {
        while (true)
        {
            if (_progress.IsFetching && OffsetsFrom(StartPoint.LogStart, answer) < SmallLog)
                throw new SnapshotException(ColdStartReason.NoSnapshot, "The topic is so small that a replay is quicker than a download.");
            try
            {
                if (_progress.Wait(_loading!, time, stopping))
                    return _loading!.GetAwaiter().GetResult();
            }
            catch (Exception unexpected) when (unexpected is not (SnapshotException or OperationCanceledException))
            {
                // The exception may come from a selector of an index, and its message may quote a record.
                throw new SnapshotException(ColdStartReason.Unreadable, $"Loading it failed with {unexpected.GetType()}.", unexpected);
            }
        }
    }

    private LoadedSnapshot Load(CancellationToken stopping)
    {
        try
        {
            return LoadFile(stopping);
        }
        catch (SnapshotException own) when (settings!.Options.From is not null)
        {
            if (!SiblingSnapshots.Fetch(settings, _progress, out var problem))
                throw new SnapshotException(own.Reason, $"{own.Message} {problem}", own);
            return LoadFile(stopping);
        }
    }

    private LoadedSnapshot LoadFile(CancellationToken stopping)
    {
        var started = time.GetTimestamp();
        var snapshot = SnapshotReader.Open(settings!.Files.Current);
        try
        {
            CheckOrigin(snapshot.Description);
            var entries = ServesFromFile(snapshot) ? Unloaded(snapshot, stopping) : Loaded(snapshot);
            return new LoadedSnapshot(snapshot.Description, snapshot.Bytes, entries, time.GetElapsedTime(started));
        }
        catch
        {
            snapshot.Dispose();
            throw;
        }
    }

    private bool ServesFromFile(SnapshotReader snapshot) =>
        settings!.CanServeFromFile && snapshot.Bytes >= settings.Options.ServeFromFileAbove && FileEntries.CanFindIn(snapshot);

    private StartEntries Unloaded(SnapshotReader snapshot, CancellationToken stopping)
    {
        var store = parts.CreateStore(snapshot.Description.Entries);
        try
        {
            var unloaded = new SnapshotStore(snapshot, store, _progress, settings!.MaxWrittenBytes, time, stopping)
            {
                OnTakeover = EndLoad,
            };
            return new StartEntries(unloaded, Indexer: null, parts.CreateApplier(unloaded, null));
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    // Called on the replay thread, like every other method that changes the status.
    private void EndLoad(TimeSpan elapsed)
    {
        if (Status is { IsLoading: true } loading)
            Volatile.Write(ref _status, loading with { IsLoading = false, LoadDuration = elapsed });
        Log.SnapshotLoaded(logger, topicName, elapsed.TotalMilliseconds);
    }

    private StartEntries Loaded(SnapshotReader snapshot)
    {
        var entries = parts.CreateEntries(snapshot.Description.Entries);
        try
        {
            Fill(entries, store => SnapshotLoader.Load(snapshot, store, entries.Applier.Claims, _progress));
            snapshot.Dispose();
            return entries;
        }
        catch
        {
            entries.Store.Dispose();
            throw;
        }
    }

    // The observer updates the indexes with each write to the store.
    private static void Fill(in StartEntries entries, Action<IStateStore> fill)
    {
        entries.Store.Observer = entries.Indexer is { } indexer ? new EntryObserver(instances: null, indexer) : null;
        fill(entries.Store);
        entries.Store.Observer = null;
    }

    private static long OffsetsFrom(StartPoint start, GenerationBuilder.TopicAnswer answer)
    {
        long offsets = 0;
        for (var i = 0; i < answer.Ranges.Length; i++)
            offsets += answer.Ranges[i].HighWatermark - start.Of(i, answer.Ranges[i], reached: 0).Start;
        return offsets;
    }

    private void CheckOrigin(SnapshotDescription description)
    {
        if (description.Library != SnapshotDescription.ThisLibrary)
            throw new SnapshotException(ColdStartReason.OtherFormat, $"It was written by version {description.Library} of the library.");
        if (description.Fingerprint != settings!.Fingerprint)
            throw new SnapshotException(
                ColdStartReason.OtherVersion, "It was written with other options, another Snapshot.Version or other assemblies.");

        // If the snapshot's own age exceeds the limit, it need not be loaded, and a sibling's snapshot may be younger.
        SnapshotCheck.OwnAge(description, settings.Options.MaxAge, time.GetUtcNow());
    }

    // Drops everything that has been loaded or is still being loaded, and sets a damaged file aside.
    private void GiveUp(ColdStartReason reason)
    {
        _progress.GiveUp();
        _ = _loading!.ContinueWith(
            static loaded => loaded.Result.Entries.Store.Dispose(),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        _loading = null;
        SetAside(reason);
    }

    private void SetAside(ColdStartReason reason)
    {
        if (reason == ColdStartReason.Damaged)
            settings!.Files.SetAside();
    }
}
