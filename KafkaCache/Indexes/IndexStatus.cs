namespace KafkaCaching;

/// <summary>The state of an index.</summary>
/// <param name="Name">The name of the index.</param>
/// <param name="IsUnique">Whether each term is expected to have only one entry.</param>
/// <param name="Terms">The number of terms.</param>
/// <param name="Postings">The number of pairs that consist of a term and an entry that has the term.</param>
public sealed record IndexStatus(string Name, bool IsUnique, long Terms, long Postings)
{
    /// <summary>In a unique index, the number of entries whose term another entry already has.</summary>
    public long Conflicts => IsUnique ? Postings - Terms : 0;
}
