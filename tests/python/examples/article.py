"""The script of the articles on this chip, as they print it; its file runs in rknn_yolov5_demo."""
import os
import re
import subprocess

from common import DATA, done, expect
from rknn.api import RKNN

ONNX_MODEL = os.path.join(DATA, "models/yolov5n/yolov5n_heads_sigmoid.onnx")
if not os.path.exists(ONNX_MODEL):
    print("skipped: yolov5n_heads_sigmoid.onnx is not there")
    raise SystemExit(0)

rknn = RKNN(verbose=True)

print('--> Config model')
ret = rknn.config(mean_values=[[0, 0, 0]], std_values=[[255, 255, 255]], target_platform='rk3588')
done(ret, 'config')
print('done')

print('--> Loading model')
ret = rknn.load_onnx(model=ONNX_MODEL)
done(ret, 'load_onnx')
print('done')

print('--> Building model')
ret = rknn.build(do_quantization=True, dataset=os.path.join(DATA, 'data/calib20/dataset.txt'))
done(ret, 'build')
print('done')

print('--> Export rknn model')
ret = rknn.export_rknn('yolov5s-640-640.rknn')
done(ret, 'export_rknn')
print('done')
rknn.release()

demo = os.environ["SIXTOPS_DEMO"].split()
labels = os.path.join(os.environ["SIXTOPS_SOURCE"], "examples/rknn_yolov5_demo/model/coco_80_labels_list.txt")
os.makedirs("model", exist_ok=True)
with open(labels, encoding="utf-8") as source, open("model/coco_80_labels_list.txt", "w", encoding="utf-8") as target:
    target.write(source.read())
ran = subprocess.run([*demo, "yolov5s-640-640.rknn", os.path.join(DATA, "data/img/bus.jpg")], capture_output=True, text=True)
expect(ran.returncode == 0, f"the demo ended with {ran.returncode}: {ran.stdout}{ran.stderr}")
found = re.findall(r"^(\S+) @ \((-?\d+) (-?\d+) (-?\d+) (-?\d+)\) (0\.\d+)", ran.stdout, re.MULTILINE)
print("demo:", found)
names = [name for name, *_ in found]
expect(names.count("person") >= 3 and names.count("bus") == 1, "the demo finds three persons and a bus")
