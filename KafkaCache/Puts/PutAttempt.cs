namespace KafkaCaching;

/// <summary>What became of one entry of a <c>PutManyAsync</c> or one key of a <c>RemoveManyAsync</c>.</summary>
/// <param name="Result">Where the record is, when it is known to be in the log; else <see langword="null"/>.</param>
/// <param name="Error">What went wrong, with the outcome known; <see langword="null"/> when the put ended as asked.
/// Both are set for <see cref="PutOutcome.Committed"/>: in the log, but the wait for its apply ended.</param>
public readonly record struct PutAttempt(PutResult? Result, PutException? Error);
