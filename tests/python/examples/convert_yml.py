"""python -m rknn.api.rknn_convert, and codegen, whose project is built and run."""
import os
import shutil
import subprocess
import sys

from common import dataset, done, expect, loaded, model, pictures

paths = pictures(8)
dataset(paths)
shutil.copy(model("classifier"), "classifier.onnx")
with open("model_config.yml", "w", encoding="utf-8") as file:
    file.write("""models:
    name: from_yml            # of the file
    platform: onnx
    model_file_path: ./classifier.onnx
    subgraphs:
      input_size_list:
        - 1,3,32,32
      inputs:
        - data
      outputs:
        - scores
    quantize: true
    dataset: ./dataset.txt
    configs:
      quantized_dtype: asymmetric_quantized-8
      mean_values: [127.5, 127.5, 127.5]
      std_values: [58, 58, 58]
      quant_img_RGB2BGR: false
      quantized_algorithm: normal
""")
command = [sys.executable, "-m", "rknn.api.rknn_convert", "-t", "rk3588"]
ran = subprocess.run([*command, "-i", "model_config.yml", "-o", "out", "-a", paths[0]], capture_output=True, text=True)
expect(ran.returncode == 0, f"rknn_convert: {ran.stdout}{ran.stderr}")
expect(os.path.getsize("out/from_yml.rknn") > 1000, "the model is written")
expect(os.path.exists("out/snapshot/error_analysis.txt"), "-a analyses")
with open("broken.yml", "w", encoding="utf-8") as file:
    file.write("models:\n  name: x\n    platform: onnx\n")
ran = subprocess.run([*command, "-i", "broken.yml"], capture_output=True, text=True)
expect(ran.returncode == 1 and "line 3" in ran.stderr and "Traceback" not in ran.stderr, f"a broken file: {ran.stderr}")

rknn = loaded(model("classifier"))
done(rknn.build(do_quantization=True, dataset="dataset.txt"), "build")
done(rknn.export_rknn("classifier.rknn"), "export_rknn")
done(rknn.codegen("project", inputs=[paths[0]], overwrite=True), "codegen")
library = os.environ["SIXTOPS_RKNNRT"]
os.makedirs("rknnrt/lib")
os.symlink(library, "rknnrt/lib/librknnrt.so")
os.symlink(os.path.join(os.environ["SIXTOPS_SOURCE"], "include"), "rknnrt/include")
for step in (["cmake", "-B", "build", f"-DRKNNRT={os.path.abspath('rknnrt')}"], ["cmake", "--build", "build"], ["build/rknn_app"]):
    ran = subprocess.run(step, cwd="project", capture_output=True, text=True)
    expect(ran.returncode == 0, f"{step}: {ran.stdout}{ran.stderr}")
expect("scores: cosine 1.000000" in ran.stdout, f"the program's output is the simulator's: {ran.stdout}")
expect(rknn.codegen("project") == -1, "an existing folder is not overwritten")
