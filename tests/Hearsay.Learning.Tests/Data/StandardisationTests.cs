using CsCheck;

namespace Hearsay.Learning.Tests.Data;

public sealed class StandardisationTests
{
    [Fact]
    public void What_was_saved_standardises_as_before_and_junk_is_refused()
    {
        var path = Path.GetTempFileName();
        try
        {
            var standard = new Standardisation([1, 2, 3], [4, 0, 9]);
            standard.Save(path);
            var loaded = Standardisation.Load(path);
            Assert.Equal((standard.Means, standard.Factors), (loaded.Means, loaded.Factors), (a, b) =>
                a.Item1.SequenceEqual(b.Item1) && a.Item2.SequenceEqual(b.Item2));
            Assert.Equal(1, loaded.ConstantFeatures);
            string[] junk =
            [
                "", "7", "{}", """{"means":[1],"factors":[]}""", """{"means":[],"factors":[]}""",
                """{"means":[1],"factors":[-1]}""", """{"means":[1e99],"factors":[1]}""", new string(' ', 5 << 20),
            ];
            foreach (var text in junk)
            {
                File.WriteAllText(path, text);
                Assert.Throws<InvalidDataException>(() => Standardisation.Load(path));
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_record_far_from_all_others_is_still_a_number_that_models_take()
    {
        var standard = new Standardisation([0], [1e-20]);
        var data = standard.Apply(new LearningData([1e11f, -1e11f], [0, 1], 2));
        Assert.Equal([1e12f, -1e12f], [data.Features(0)[0], data.Features(1)[0]]);
    }

    [Fact]
    public void Features_get_mean_0_and_variance_1() => Gen.Float[-100, 100].Array[60].Sample(numbers =>
    {
        numbers[0] += 1000;
        numbers[1] -= 1000;
        var data = new LearningData(numbers, new float[30], 0);
        var (means, variances) = Standardisation.Moments(Standardisation.Of(data).Apply(data));
        Assert.All(means, mean => Assert.Equal(0, mean, 1e-4));
        Assert.All(variances, variance => Assert.Equal(1, variance, 1e-3));
    });

    [Fact]
    public void Data_is_standardised_by_the_means_of_other_data()
    {
        var standard = Standardisation.Of(new LearningData([1, 3], [0, 1], 2));
        Assert.Equal([9f, 11f], Features(standard.Apply(new LearningData([11, 13], [0, 1], 2))));

        static float[] Features(LearningData data) => [data.Features(0)[0], data.Features(1)[0]];
    }

    [Fact]
    public void A_constant_feature_becomes_0_and_is_counted()
    {
        var data = new LearningData([7, 1, 7, 2, 7, 3], [0, 1, 1], 2);
        var standard = Standardisation.Of(data);
        Assert.Equal(1, standard.ConstantFeatures);
        Assert.Equal(0, standard.Apply(data).Features(1)[0]);
        Assert.Equal(1, Standardisation.Of(new LearningData([5], [0], 2)).ConstantFeatures);
    }

    [Fact]
    public void Moments_that_cannot_be_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new Standardisation([], []));
        Assert.Throws<ArgumentException>(() => new Standardisation([1], [1, 2]));
        Assert.Throws<ArgumentException>(() => new Standardisation([double.NaN], [1]));
        Assert.Throws<ArgumentException>(() => new Standardisation([1], [-1]));
        Assert.Throws<ArgumentException>(() =>
            new Standardisation([1], [1]).Apply(new LearningData([1, 2], [0], 2)));
    }
}
