namespace KafkaCaching.EntityFrameworkCore.Invalidation;

/// <summary>Where the marks of a statement go.</summary>
internal readonly struct StatementCommit(MarkWriter writer, MarkSet? pending, bool isCertain)
{
    /// <summary>Takes the marks of a statement that has run, or may have.</summary>
    public Task CompleteAsync(MarkSet marks)
    {
        if (pending is not null)
        {
            lock (pending)
                pending.Add(marks);
        }

        return isCertain ? Task.CompletedTask : writer.WriteAsync(marks.Tags);
    }
}
