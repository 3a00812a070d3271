using KafkaCaching.Replay;
using KafkaCaching.Store;

namespace KafkaCaching.Changes;

/// <summary>A generation, as its watchers see it.</summary>
internal interface IWatchable
{
    IStateStore Store { get; }

    /// <summary>Whether all entries are in memory. Until then there is no scan, and no write knows what it replaces.</summary>
    bool IsLoaded { get; }

    EntryObserver Writes { get; }

    Positions Positions { get; }

    /// <summary>Keeps the store readable, also after the generation has been replaced. <see cref="Release"/> ends this.</summary>
    void Retain();

    void Release();
}
