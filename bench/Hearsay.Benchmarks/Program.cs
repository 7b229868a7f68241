using System.Diagnostics;
using Hearsay;
using Hearsay.Benchmarks;

var rig = new ExchangeRig(200, PeerSamplingOptions.Recommended, 0);
for (var i = 0; i < 40_000; i++)
{
    rig.Exchange();
}

for (var round = 0; round < 5; round++)
{
    var before = GC.GetAllocatedBytesForCurrentThread();
    var watch = Stopwatch.StartNew();
    const int Count = 100_000;
    for (var i = 0; i < Count; i++)
    {
        rig.Exchange();
    }

    Console.WriteLine($"{watch.Elapsed.TotalMicroseconds / Count:0.00} us/exchange, {(GC.GetAllocatedBytesForCurrentThread() - before) / (double)Count:0.00} B");
}
