namespace KafkaCaching.EntityFrameworkCore.Options;

/// <summary>A column that queries may say <c>By</c> for.</summary>
/// <param name="Entity">The type of the entities.</param>
/// <param name="Property">The name of the property.</param>
internal sealed record DeclaredColumn(Type Entity, string Property);
