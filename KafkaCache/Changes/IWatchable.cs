using KafkaCaching.Replay;
using KafkaCaching.Store;

namespace KafkaCaching.Changes;

/// <summary>The members of a generation that its watchers use.</summary>
internal interface IWatchable
{
    IStateStore Store { get; }

    /// <summary>Whether all entries are in memory. Until they are, a scan is not possible, and a write can't report the entry that it
    /// replaces.</summary>
    bool IsLoaded { get; }

    EntryObserver Writes { get; }

    Positions Positions { get; }

    /// <summary>Keeps the store readable until <see cref="Release"/> is called, even if the generation is replaced.</summary>
    void Retain();

    void Release();
}
