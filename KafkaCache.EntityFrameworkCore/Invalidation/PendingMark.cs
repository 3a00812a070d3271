namespace KafkaCaching.EntityFrameworkCore.Invalidation;

/// <summary>The mark of a tag, while it is not applied here yet. One thread at a time.</summary>
/// <remarks>A mark covers the commits that were made before it is written. So those that come while it is written wait together for the
/// next one, and a tag has no more than one mark under way.</remarks>
internal sealed class PendingMark(string tag)
{
    private TaskCompletionSource<CachePosition>? _waiting;
    private TaskCompletionSource<CachePosition>? _writing;
    private bool _isBusy;

    public string Tag => tag;

    /// <summary>Whether the last try to write it has failed.</summary>
    public bool IsFailing { get; set; }

    /// <summary>Ends when what has been committed so far is invalidated here.</summary>
    public Task<CachePosition> Applied => (_waiting ?? _writing)!.Task;

    /// <summary>Notes a commit.</summary>
    /// <returns>Whether nobody writes the mark, or is about to.</returns>
    public bool Want()
    {
        if (_waiting is not null)
            return false;
        _waiting = new TaskCompletionSource<CachePosition>(TaskCreationOptions.RunContinuationsAsynchronously);
        var wasBusy = _isBusy;
        _isBusy = true;
        return !wasBusy;
    }

    /// <summary>Begins to write the mark for all commits until now.</summary>
    /// <returns>Takes the outcome; <see langword="null"/> if the mark covers them all.</returns>
    public TaskCompletionSource<CachePosition>? TryBegin()
    {
        _isBusy = _waiting is not null;
        if (!_isBusy)
            return null;
        (_writing, _waiting) = (_waiting, null);
        return _writing;
    }
}
