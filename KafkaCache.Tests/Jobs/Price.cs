namespace KafkaCaching.Tests.Jobs;

/// <summary>A row of the tests' price lists. Each carries the number of the fetch that it came with.</summary>
public sealed record Price(string Sku, string Name, int ShopId, long Fetch);
