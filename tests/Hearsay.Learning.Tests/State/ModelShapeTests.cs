using CsCheck;
using Hearsay.Learning.State;

namespace Hearsay.Learning.Tests.State;

public sealed class ModelShapeTests
{
    [Fact]
    public void Every_weight_is_in_one_part_and_every_bias_in_all() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[2, 4], Gen.Int[2, 9]).Sample((features, classes, parts) =>
        {
            var model = new SoftmaxModel(features, classes);
            var shape = new ModelShape(model, parts);
            var seen = new int[model.ParameterCount];
            for (var part = 0; part < parts; part++)
            {
                foreach (var place in shape.PlacesOf(part))
                {
                    seen[place]++;
                    Assert.True(place >= shape.WeightCount || place % parts == part);
                }
            }

            Assert.All(seen[..shape.WeightCount], count => Assert.Equal(1, count));
            Assert.All(seen[shape.WeightCount..], count => Assert.Equal(parts, count));
        });

    [Fact]
    public void A_sample_has_distinct_places_uniform_over_all_and_the_same_on_both_sides()
    {
        var shape = new ModelShape(LinearModel.Logistic(40), 1);
        var (counts, places, again) = (new int[41], new int[shape.SampleCount(0.25)], new int[11]);
        for (var sample = 1u; sample <= 4000; sample++)
        {
            shape.Sample(sample, places);
            shape.Sample(sample, again);
            Assert.Equal(places, again);
            Assert.Equal(11, places.Distinct().Count());
            Array.ForEach(places, place => counts[place]++);
        }

        // A quarter of 4,000 each, deviation 27; the bias always.
        Assert.All(counts[..40], count => Assert.InRange(count, 880, 1120));
        Assert.Equal(4000, counts[40]);
    }

    [Fact]
    public void Models_of_different_shapes_have_different_fingerprints()
    {
        var models = new List<ILearningModel>();
        for (var features = 1; features <= 40; features++)
        {
            models.AddRange([LinearModel.Logistic(features), LinearModel.Pegasos(features)]);
            for (var classes = 2; classes <= 12; classes++)
            {
                models.AddRange([
                    new SoftmaxModel(features, classes), new MlpModel(features, 2, classes),
                    new MlpModel(features, 3, classes)]);
            }
        }

        Assert.Equal(models.Count, models.DistinctBy(model => new ModelShape(model, 1).Fingerprint).Count());
    }
}
