namespace KafkaCaching.EntityFrameworkCore.Invalidation;

/// <summary>The mark of a tag that has not been applied here yet. Not thread-safe.</summary>
/// <remarks>A mark covers the commits that were made before it is written. Commits that are made while it is being written wait together
/// for the next mark, so that a tag has no more than one mark under way.</remarks>
internal sealed class PendingMark(string tag)
{
    private TaskCompletionSource<CachePosition>? _waiting;
    private TaskCompletionSource<CachePosition>? _writing;
    private bool _isBusy;

    public string Tag => tag;

    /// <summary>Whether the last attempt to write the mark failed.</summary>
    public bool IsFailing { get; set; }

    /// <summary>A task that completes when everything that has been committed so far has been invalidated here.</summary>
    public Task<CachePosition> Applied => (_waiting ?? _writing)!.Task;

    /// <summary>Adds a commit that the mark must cover.</summary>
    /// <returns>Whether the caller must start writing the mark, because no write is under way.</returns>
    public bool Want()
    {
        if (_waiting is not null)
            return false;
        _waiting = new TaskCompletionSource<CachePosition>(TaskCreationOptions.RunContinuationsAsynchronously);
        var wasBusy = _isBusy;
        _isBusy = true;
        return !wasBusy;
    }

    /// <summary>Begins to write the mark for all commits so far.</summary>
    /// <returns>An object that receives the outcome; <see langword="null"/> if the mark already covers all commits.</returns>
    public TaskCompletionSource<CachePosition>? TryBegin()
    {
        _isBusy = _waiting is not null;
        if (!_isBusy)
            return null;
        (_writing, _waiting) = (_waiting, null);
        return _writing;
    }
}
