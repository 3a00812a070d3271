namespace KafkaCaching;

/// <summary>How one entry of <see cref="IKafkaCache{TKey, TValue}.PutManyAsync"/> fared: exactly one of the two is set.</summary>
/// <param name="Result">Where the record is, when it was put and waited for as asked; else <see langword="null"/>.</param>
/// <param name="Error">What went wrong, with the outcome known; else <see langword="null"/>.</param>
public readonly record struct PutAttempt(PutResult? Result, PutException? Error);
