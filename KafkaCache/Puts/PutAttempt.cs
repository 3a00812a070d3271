namespace KafkaCaching;

/// <summary>The result of one entry of a <c>PutManyAsync</c> or one key of a <c>RemoveManyAsync</c>.</summary>
/// <param name="Result">Where the record is, if it is known to be in the log; otherwise <see langword="null"/>.</param>
/// <param name="Error">What went wrong, including the outcome; <see langword="null"/> if the put ended as requested. With
/// <see cref="PutOutcome.Committed"/>, both values are set: the record is in the log, but the wait until it was applied ended
/// early.</param>
public readonly record struct PutAttempt(PutResult? Result, PutException? Error);
