namespace KafkaCaching;

/// <summary>Listens to the meter or the activity source of caches from the moment of its creation, as an exporter of metrics does. A
/// container creates all of its listeners before it starts its first cache, so that they miss nothing.</summary>
public interface ICacheListener;
