namespace KafkaCaching;

/// <summary>Turns one record into entries. It must be a pure function of the record. It is called once for each record, in the order of its
/// partition, on the replay thread. It is never called for a tombstone, which retracts the entries that the last record with its record key
/// yielded.</summary>
/// <remarks>The entries of a record replace those that the previous record with the same record key yielded. When the latest records of
/// several record keys yield the same key, the record with the latest timestamp provides the entry. If timestamps are equal, the highest
/// partition decides, and then the highest offset. When a later record with the same record key no longer yields that key, the next record
/// in this order provides the entry. An exception from the resolver is a record error, which <c>OnRecordError</c> handles.</remarks>
/// <typeparam name="TKey">The type of the cache's keys, which may differ from the record's.</typeparam>
/// <typeparam name="TValue">The type of the cache's values, which may differ from the record's.</typeparam>
/// <param name="record">The record. It and its spans are valid only during the call.</param>
/// <param name="updates">Receives the entries. It is valid only during the call.</param>
public delegate void Resolver<TKey, TValue>(in CacheRecord record, ICacheUpdates<TKey, TValue> updates)
    where TKey : notnull;
